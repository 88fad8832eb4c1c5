"""Runs a project of dbt against the workspace; the task comes as JSON on standard input."""

import contextlib
import io
import json
import os
import re
import sys

TASK = json.load(sys.stdin)
SERVER = TASK["server"]
HERE = os.path.dirname(os.path.abspath(__file__))
AUTHORITY = f"{SERVER['host']}:{SERVER['port']}"
WORK = os.path.join(TASK["folder"], TASK["name"])
SCHEMA = re.sub(r"\W+", "_", TASK["name"]).lower()
os.environ.update(
    REQUESTS_CA_BUNDLE=SERVER["caFile"],
    WORKSPACE_HOST=AUTHORITY,
    WORKSPACE_HTTP_PATH=SERVER["path"],
    WORKSPACE_URI=f"https://{AUTHORITY}{SERVER['path']}",
    WORKSPACE_CA=SERVER["caFile"],
    WORKSPACE_TOKEN=SERVER["token"],
    WORKSPACE_SCHEMA=SCHEMA,
    WORKSPACE_CLIENT_ID=SERVER["clientId"],
    WORKSPACE_CLIENT_SECRET=SERVER["clientSecret"],
    DBT_PROFILES_DIR=HERE,
    DBT_PROJECT_DIR=os.path.join(HERE, "project"),
    DBT_TARGET_PATH=os.path.join(WORK, "target"),
    DBT_LOG_PATH=os.path.join(WORK, "logs"),
    DO_NOT_TRACK="1",
)

sys.path.insert(0, os.path.join(HERE, "../python"))
from databricks import sql  # noqa: E402
from dbt.cli.main import dbtRunner  # noqa: E402
from values import text  # noqa: E402

RUNNER = dbtRunner()


def emit(scenario, case, values, **more):
    print(json.dumps({"scenario": scenario, "case": case, "values": values, **more}), flush=True)


def invoke(*words):
    """What dbt prints goes to standard error: the standard output is for what was seen."""
    with contextlib.redirect_stdout(sys.stderr):
        return RUNNER.invoke(list(words))


def outcomes(result):
    """What became of each node, as `name status`."""
    if result.exception is not None:
        return [f"{type(result.exception).__name__}: {result.exception}"[:400]]
    return sorted(f"{one.node.name} {one.status.value}" for one in result.result.results)


def shown(*words):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        result = RUNNER.invoke(["show", "--quiet", "--output", "json", *words])
    if not result.success:
        raise RuntimeError(str(result.exception or outcomes(result)))
    return json.loads(output.getvalue())["show"]


def user(scenario, target):
    rows = shown("--inline", "select current_user() as v", "--target", target)
    emit(scenario, "user", [text(row["v"]) for row in rows])


def token():
    user("token", "local")


def oauth():
    user("oauth", "machine")


def read(statement):
    with sql.connect(
        server_hostname=AUTHORITY,
        http_path=SERVER["path"],
        access_token=SERVER["token"],
        _connection_uri=os.environ["WORKSPACE_URI"],
        _tls_trusted_ca_file=SERVER["caFile"],
    ) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return [[text(value) for value in row] for row in cursor.fetchall()] if cursor.description else []


def project():
    emit("project", "debug", [text(invoke("debug").success)])
    emit("project", "seed", outcomes(invoke("seed")))
    emit("project", "run", outcomes(invoke("run")))
    emit("project", "test", outcomes(invoke("test")))
    emit("project", "snapshot", outcomes(invoke("snapshot")))
    again = ["--vars", "{turn: 2, city: Paris}"]
    emit("project", "run again", outcomes(invoke("run", *again)))
    emit("project", "snapshot again", outcomes(invoke("snapshot", *again)))
    emit("project", "customers", read(f"SELECT * FROM {SCHEMA}.customers ORDER BY customer_id"))
    emit("project", "merged", read(f"SELECT order_id, amount, turn FROM {SCHEMA}.orders_merged ORDER BY order_id"))
    emit("project", "appended", read(f"SELECT turn, count(*) FROM {SCHEMA}.orders_appended GROUP BY turn ORDER BY turn"))
    emit("project", "replaced", read(f"SELECT order_id, turn FROM {SCHEMA}.orders_replaced ORDER BY order_id"))
    history = f"SELECT customer_id, city, dbt_valid_to IS NULL FROM {SCHEMA}.customers_history ORDER BY customer_id, 3"
    emit("project", "history", read(history))
    broken = invoke("run", "--select", "broken", "--vars", "{broken: true}")
    emit("project", "broken", re.findall(r"SQLSTATE: (\w{5})", str(broken.result.results[0].message))[:1])
    emit("project", "docs", [text(invoke("docs", "generate").success)])
    emit("project", "catalog", catalog())
    place = f"table_schema = '{SCHEMA}' AND comment IS NOT NULL"
    comments = f"SELECT table_name, column_name, comment FROM main.information_schema.columns WHERE {place}"
    emit("project", "comments", sorted(read(comments)))
    read(f"DROP SCHEMA main.{SCHEMA} CASCADE")  # others list the schemas


def catalog():
    with open(os.path.join(WORK, "target", "catalog.json"), encoding="utf-8") as file:
        nodes = json.load(file)["nodes"]
    node = nodes["model.shop.customers"]
    columns = [f"{c['name']} {c['type']}" for c in node["columns"].values()]
    return [len(nodes), node["metadata"]["type"], node["metadata"]["comment"], *columns]


os.makedirs(WORK, exist_ok=True)
for name in TASK["scenarios"]:
    try:
        globals()[name]()
    except Exception as error:  # a scenario that fails must not hide the others
        print(json.dumps({"scenario": name, "failed": f"{type(error).__name__}: {error}"[:500]}), flush=True)
