"""Runs the scenarios with databricks-sql-connector; the task comes as JSON on standard input."""

import json
import os
import re
import sys
import threading
import time

TASK = json.load(sys.stdin)
STATEMENTS = TASK["statements"]
SERVER = TASK["server"]
SEA = TASK["mode"].startswith("sea")
KERNEL = TASK["mode"].startswith("kernel")

os.environ["REQUESTS_CA_BUNDLE"] = SERVER["caFile"]
if SEA:  # telemetry and the flag go to port 443: a proxy leads the name of a cloud to the workspace
    os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{SERVER['proxyPort']}"
    os.environ["NO_PROXY"] = SERVER["host"]
if TASK["mode"] == "columns":
    sys.modules["pyarrow"] = None  # as it is where only the connector is installed

from databricks import sql  # noqa: E402
from values import BIND, text  # noqa: E402


def emit(scenario, case, values, **more):
    print(json.dumps({"scenario": scenario, "case": case, "values": values, **more}), flush=True)


def connect(**options):
    authority = f"{SERVER['host']}:{SERVER['port']}"
    settings = {
        "server_hostname": authority,
        "http_path": SERVER["path"],
        "_connection_uri": f"https://{authority}{SERVER['path']}",
        "_tls_trusted_ca_file": SERVER["caFile"],
        "user_agent_entry": TASK["application"],
        "staging_allowed_local_path": TASK["folder"],
        "use_cloud_fetch": TASK["mode"].endswith("files") or TASK["mode"] == "sea-arrow",
        **options,
    }
    if SEA:
        settings.pop("_connection_uri")
        settings.update(server_hostname=SERVER["cloudHost"], use_sea=True, use_hybrid_disposition=True)
    if KERNEL:
        settings.pop("_connection_uri")
        settings.update(use_kernel=True, enable_telemetry=False)
    if "credentials_provider" not in options and "oauth_client_id" not in options:
        settings["access_token"] = SERVER["token"]
    return sql.connect(**settings)


def token():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_user() AS v")
        emit("token", "user", [text(row[0]) for row in cursor.fetchall()])


def oauth():
    with connect(**machine()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_user() AS v")
        emit("oauth", "user", [text(row[0]) for row in cursor.fetchall()])


def machine():
    """How a machine signs in: the kernel by itself, the others by the SDK."""
    if KERNEL:
        return {"oauth_client_id": SERVER["clientId"], "oauth_client_secret": SERVER["clientSecret"]}
    from databricks.sdk.core import Config, oauth_service_principal

    config = Config(
        host=f"https://{SERVER['host']}:{SERVER['port']}",
        client_id=SERVER["clientId"],
        client_secret=SERVER["clientSecret"],
    )
    return {"credentials_provider": lambda: oauth_service_principal(config)}


def types():
    with connect() as connection, connection.cursor() as cursor:
        for case in STATEMENTS["types"]:
            try:
                cursor.execute(case["sql"])
                emit("types", case["name"], [text(row[0]) for row in cursor.fetchall()])
            except Exception as error:
                emit("types", case["name"], None, failed=f"{type(error).__name__}: {error}")


def parameters():
    with connect() as connection, connection.cursor() as cursor:
        for case in STATEMENTS["parameters"]:
            if SEA and "?" in case["sql"]:
                emit("parameters", case["name"], None, unsupported="binds names only through the Statement Execution API")
                continue
            values = [None if b["value"] is None else BIND[b["type"]](b["value"]) for b in case["bind"]]
            names = [b.get("name") for b in case["bind"]]
            cursor.execute(case["sql"], dict(zip(names, values)) if names[0] else values)
            emit("parameters", case["name"], [text(row[0]) for row in cursor.fetchall()])


def large():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(STATEMENTS["large"])
        count = ids = length = halves = gaps = 0
        last = None
        while rows := cursor.fetchmany(50_000):
            for row in rows:
                count += 1
                ids += row[0]
                length += len(row[1])
                halves += row[2]
                gaps += row[3] is None
            last = rows[-1]
        emit("large", "sums", [str(count), str(ids), str(length), str(int(halves)), str(gaps)])
        emit("large", "last row", [text(last[0]), text(last[1])])


def column(cursor, *names):
    """The column under one of these names: with the Statement Execution API the driver passes on those of SHOW."""
    index = next(i for i, described in enumerate(cursor.description) if described[0] in names)
    return lambda row: row[index]


def metadata():
    place = STATEMENTS["metadata"]
    with connect() as connection, connection.cursor() as cursor:
        cursor.catalogs()
        emit("metadata", "catalogs", sorted(row[0] for row in cursor.fetchall()))
        cursor.schemas(catalog_name=place["catalog"])
        emit("metadata", "schemas", sorted(row[0] for row in cursor.fetchall()))
        cursor.tables(catalog_name=place["catalog"], schema_name=place["schema"])
        emit("metadata", "tables", sorted(map(column(cursor, "TABLE_NAME", "tableName"), cursor.fetchall())))
        cursor.columns(catalog_name=place["catalog"], schema_name=place["schema"], table_name=place["table"])
        name, kind = column(cursor, "COLUMN_NAME", "col_name"), column(cursor, "TYPE_NAME", "columnType")
        emit("metadata", "columns", [f"{name(row)} {kind(row)}" for row in cursor.fetchall()])


def sql_state(error):
    found = re.search(r"SQLSTATE: (\w{5})", str(error))
    return found and found.group(1)


def errors():
    with connect() as connection, connection.cursor() as cursor:
        for case in STATEMENTS["errors"]:
            try:
                cursor.execute(case["sql"])
                cursor.fetchall()
            except sql.Error as error:
                emit("errors", case["name"], [sql_state(error)])
            else:
                emit("errors", case["name"], ["succeeded"])
        cursor.execute("SELECT 1 AS v")
        emit("errors", "afterwards", [text(row[0]) for row in cursor.fetchall()])


def ended(cursor, scenario, case, run):
    started = time.monotonic()
    try:
        run()
        outcome = "succeeded"
    except sql.Error:
        outcome = "ended"
    quick = time.monotonic() - started < 15
    emit(scenario, case, [outcome, "soon" if quick else "late"])
    cursor.execute("SELECT 1 AS v")
    emit(scenario, "afterwards", [text(row[0]) for row in cursor.fetchall()])


def cancel():
    with connect() as connection, connection.cursor() as cursor:
        over = threading.Event()

        def insist():  # the driver can cancel once it knows the statement, which may take it ten seconds
            while not over.wait(0.7):
                cursor.cancel()

        thread = threading.Thread(target=insist)
        thread.start()

        def run():
            try:
                cursor.execute(STATEMENTS["slow"])
            finally:
                over.set()
                thread.join()

        ended(cursor, "cancel", "statement", run)


def timeout():
    with connect(session_configuration={"STATEMENT_TIMEOUT": "1"}) as connection, connection.cursor() as cursor:
        ended(cursor, "timeout", "statement", lambda: cursor.execute(STATEMENTS["slow"]))


def volumes():
    if KERNEL:
        print(json.dumps({"scenario": "volumes", "unsupported": "the kernel moves no files"}), flush=True)
        return
    folder, remote = TASK["folder"], f"{STATEMENTS['volume']}/{TASK['name']}.txt"
    up, down = os.path.join(folder, "up.txt"), os.path.join(folder, "down.txt")
    content = "content ☃\n" * 1000
    with open(up, "w", encoding="utf-8") as file:
        file.write(content)
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"PUT '{up}' INTO '{remote}' OVERWRITE")
        cursor.execute(f"GET '{remote}' TO '{down}'")
        with open(down, encoding="utf-8") as file:
            emit("volumes", "round trip", ["same" if file.read() == content else "different"])
        cursor.execute(f"REMOVE '{remote}'")
        try:
            cursor.execute(f"GET '{remote}' TO '{down}'")
            emit("volumes", "removed", ["still there"])
        except sql.Error:
            emit("volumes", "removed", ["gone"])


def configuration():
    options = {"catalog": "main", "schema": "foreign_other", "session_configuration": {"TIMEZONE": STATEMENTS["zone"]}}
    with connect(**options) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_timezone() AS v")
        emit("configuration", "setting", [text(row[0]) for row in cursor.fetchall()])
        cursor.execute("SELECT current_catalog() AS c, current_schema() AS s")
        emit("configuration", "namespace", [text(value) for value in cursor.fetchall()[0]])
        cursor.execute("USE SCHEMA default")
        cursor.execute("SELECT current_schema() AS s")
        emit("configuration", "use", [text(row[0]) for row in cursor.fetchall()])


def sessions():
    connections = [connect() for _ in range(4)]
    seen = [None] * len(connections)

    def work(number):
        with connections[number].cursor() as cursor:
            cursor.execute(f"CREATE OR REPLACE TEMPORARY VIEW own AS SELECT {number} AS v")
            cursor.execute("SELECT v FROM own")
            seen[number] = text(cursor.fetchall()[0][0])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(connections))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in connections:
        connection.close()
    emit("sessions", "own views", seen)


for name in TASK["scenarios"]:
    try:
        globals()[name]()
    except Exception as error:  # a scenario that fails must not hide the others
        print(json.dumps({"scenario": name, "failed": f"{type(error).__name__}: {error}"[:500]}), flush=True)
