"""Runs the scenarios with SQLAlchemy's dialect for Databricks; the task comes as JSON on standard input."""

import datetime
import decimal
import json
import os
import re
import sys
import threading
import time
import warnings

TASK = json.load(sys.stdin)
STATEMENTS = TASK["statements"]
SERVER = TASK["server"]
os.environ["REQUESTS_CA_BUNDLE"] = SERVER["caFile"]
warnings.simplefilter("ignore")

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../python"))
from values import BIND, text  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from sqlalchemy import orm as mapping  # noqa: E402


def emit(scenario, case, values, **more):
    print(json.dumps({"scenario": scenario, "case": case, "values": values, **more}), flush=True)


def engine(schema="default", **options):
    authority = f"{SERVER['host']}:{SERVER['port']}"
    arguments = {
        "server_hostname": authority,
        "_connection_uri": f"https://{authority}{SERVER['path']}",
        "_tls_trusted_ca_file": SERVER["caFile"],
        "user_agent_entry": TASK["application"],
        **options,
    }
    url = sa.URL.create(
        "databricks",
        username="token",
        password=SERVER["token"],
        host=SERVER["host"],
        query={"http_path": SERVER["path"], "catalog": "main", "schema": schema},
    )
    return sa.create_engine(url, connect_args=arguments, pool_pre_ping=True)


def rows(connection, sql, parameters=None):
    return [[text(value) for value in row] for row in connection.execute(sa.text(sql), parameters or {})]


def first_column(connection, sql, parameters=None):
    return [row[0] for row in rows(connection, sql, parameters)]


def user(scenario, **options):
    with engine(**options).connect() as connection:
        emit(scenario, "user", first_column(connection, "SELECT current_user() AS v"))


def token():
    user("token")


def oauth():
    from databricks.sdk.core import Config, oauth_service_principal

    config = Config(
        host=f"https://{SERVER['host']}:{SERVER['port']}",
        client_id=SERVER["clientId"],
        client_secret=SERVER["clientSecret"],
    )
    user("oauth", access_token=None, credentials_provider=lambda: oauth_service_principal(config))


def types():
    with engine().connect() as connection:
        for case in STATEMENTS["types"]:
            # What stands behind a colon in the text of a type is no parameter.
            values = connection.exec_driver_sql(case["sql"]).fetchall()
            emit("types", case["name"], [text(row[0]) for row in values])


def parameters():
    with engine().connect() as connection:
        for case in STATEMENTS["parameters"]:
            names = [bound.get("name") or f"p{place}" for place, bound in enumerate(case["bind"])]
            values = [None if b["value"] is None else BIND[b["type"]](b["value"]) for b in case["bind"]]
            places = iter(names)
            sql = re.sub(r"\?", lambda _: f":{next(places)}", case["sql"])
            emit("parameters", case["name"], first_column(connection, sql, dict(zip(names, values))))


def large():
    with engine().connect() as connection:
        count = ids = length = halves = gaps = 0
        last = None
        result = connection.execute(sa.text(STATEMENTS["large"]))
        for rows_read in result.partitions(50_000):
            for row in rows_read:
                count += 1
                ids += row.id
                length += len(row.text)
                halves += row.half
                gaps += row.gaps is None
            last = rows_read[-1]
        emit("large", "sums", [str(count), str(ids), str(length), str(int(halves)), str(gaps)])
        emit("large", "last row", [text(last.id), text(last.text)])


def metadata():
    place = STATEMENTS["metadata"]
    inspector = sa.inspect(engine())
    emit("metadata", "catalogs", None, unsupported="an inspector sees one catalog")
    emit("metadata", "schemas", sorted(inspector.get_schema_names()))
    tables = inspector.get_table_names(place["schema"]) + inspector.get_view_names(place["schema"])
    emit("metadata", "tables", sorted(tables))
    emit("metadata", "columns", None, unsupported="types are those of SQLAlchemy: see orm")


def errors():
    with engine().connect() as connection:
        for case in STATEMENTS["errors"]:
            try:
                connection.exec_driver_sql(case["sql"]).fetchall()
            except sa.exc.DBAPIError as error:
                found = re.search(r"SQLSTATE: (\w{5})", str(error.orig))
                emit("errors", case["name"], [found and found.group(1)])
            else:
                emit("errors", case["name"], ["succeeded"])
        emit("errors", "afterwards", first_column(connection, "SELECT 1 AS v"))


def timeout():
    with engine(session_configuration={"STATEMENT_TIMEOUT": "1"}).connect() as connection:
        started = time.monotonic()
        outcome = "succeeded"
        try:
            connection.exec_driver_sql(STATEMENTS["slow"])
        except sa.exc.DBAPIError:
            outcome = "ended"
        emit("timeout", "statement", [outcome, "soon" if time.monotonic() - started < 15 else "late"])
        emit("timeout", "afterwards", first_column(connection, "SELECT 1 AS v"))


def configuration():
    with engine("foreign_other", session_configuration={"TIMEZONE": STATEMENTS["zone"]}).connect() as connection:
        emit("configuration", "setting", first_column(connection, "SELECT current_timezone() AS v"))
        emit("configuration", "namespace", rows(connection, "SELECT current_catalog() AS c, current_schema() AS s")[0])
        connection.execute(sa.text("USE SCHEMA default"))
        emit("configuration", "use", first_column(connection, "SELECT current_schema() AS s"))


def sessions():
    pool = engine()
    together = threading.Barrier(4)
    seen = [None] * 4

    def work(number):
        with pool.connect() as connection:
            together.wait()
            connection.exec_driver_sql(f"CREATE OR REPLACE TEMPORARY VIEW own AS SELECT {number} AS v")
            seen[number] = first_column(connection, "SELECT v FROM own")[0]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    emit("sessions", "own views", seen)


class Base(mapping.DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "orm_customers"
    id: mapping.Mapped[int] = mapping.mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    name: mapping.Mapped[str] = mapping.mapped_column(sa.String)
    orders: mapping.Mapped[list["Order"]] = mapping.relationship(back_populates="customer")


class Order(Base):
    __tablename__ = "orm_orders"
    id: mapping.Mapped[int] = mapping.mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    customer_id: mapping.Mapped[int] = mapping.mapped_column(sa.BigInteger, sa.ForeignKey("orm_customers.id"))
    amount: mapping.Mapped[decimal.Decimal | None] = mapping.mapped_column(sa.Numeric(10, 2))
    day: mapping.Mapped[datetime.date | None] = mapping.mapped_column(sa.Date)
    at: mapping.Mapped[datetime.datetime | None] = mapping.mapped_column(sa.DateTime)
    paid: mapping.Mapped[bool | None] = mapping.mapped_column(sa.Boolean)
    customer: mapping.Mapped[Customer] = mapping.relationship(back_populates="orders")


def orm():
    pool = engine()
    Base.metadata.create_all(pool)
    moment = datetime.datetime(2024, 2, 29, 12, 34, 56, 789012)
    with mapping.Session(pool) as session:
        ada = Customer(id=1, name="Ada ☃ 'quoted'")
        session.add_all([ada, Customer(id=2, name="Grace")])
        session.flush()
        filled = Order(id=1, amount=decimal.Decimal("12.50"), day=moment.date(), at=moment, paid=True)
        ada.orders.extend([filled, Order(id=2)])
        session.commit()
    with mapping.Session(pool) as session:
        found = session.scalars(sa.select(Order).where(Order.id.in_([1, 2])).order_by(Order.id)).all()
        emit("orm", "rows", [[text(v) for v in (o.id, o.amount, o.day, o.at, o.paid, o.customer.name)] for o in found])
        total = sa.func.count(Order.id)
        grouped = sa.select(Customer.name, total).outerjoin(Order).group_by(Customer.name).order_by(Customer.name)
        emit("orm", "grouped", [[text(value) for value in row] for row in session.execute(grouped)])
        found[1].amount = decimal.Decimal("99.99")
        session.delete(found[0])
        session.commit()
        emit("orm", "changed", [[text(o.id), text(o.amount)] for o in session.scalars(sa.select(Order))])
    reflected = sa.MetaData()
    reflected.reflect(pool, only=["orm_orders", "orm_customers"])
    table = reflected.tables["orm_orders"]
    emit("orm", "reflected", [f"{c.name} {c.type.compile(dialect=pool.dialect)} {c.nullable}" for c in table.columns])
    inspector = sa.inspect(pool)
    emit("orm", "primary key", inspector.get_pk_constraint("orm_orders")["constrained_columns"])
    keys = inspector.get_foreign_keys("orm_orders")
    emit("orm", "foreign keys", [[k["constrained_columns"], k["referred_table"], k["referred_columns"]] for k in keys])
    emit("orm", "has table", [text(inspector.has_table(name)) for name in ("orm_orders", "no_such_table")])
    Base.metadata.drop_all(pool)
    emit("orm", "dropped", [text(sa.inspect(pool).has_table("orm_orders"))])


for name in TASK["scenarios"]:
    try:
        globals()[name]()
    except Exception as error:  # a scenario that fails must not hide the others
        print(json.dumps({"scenario": name, "failed": f"{type(error).__name__}: {error}"[:500]}), flush=True)
