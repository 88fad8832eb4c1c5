import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Runs the scenarios with databricks-jdbc; the task comes as JSON on standard input. */
public class Main {
  interface Work {
    void run(Connection connection) throws Exception;
  }

  interface Action {
    void run() throws Exception;
  }

  private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS");
  private static final String STORE_PASSWORD = "changeit";

  private final JsonObject task;
  private final JsonObject server;
  private final JsonObject statements;
  private final String mode;
  private final String folder;

  private Main(JsonObject task) throws Exception {
    this.task = task;
    server = task.getAsJsonObject("server");
    statements = task.getAsJsonObject("statements");
    mode = task.get("mode").getAsString();
    folder = task.get("folder").getAsString();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (FileInputStream pem = new FileInputStream(server.get("caFile").getAsString())) {
      store.setCertificateEntry("workspace", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    try (FileOutputStream file = new FileOutputStream(folder + "/trust.p12")) {
      store.store(file, STORE_PASSWORD.toCharArray());
    }
  }

  private static void emit(String scenario, String name, List<?> values) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("scenario", scenario);
    line.put("case", name);
    line.put("values", values);
    System.out.println(GSON.toJson(line));
  }

  private static void emitOther(String scenario, String name, String key, String text) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("scenario", scenario);
    if (name != null) line.put("case", name);
    line.put(key, text);
    System.out.println(GSON.toJson(line));
  }

  private Connection connect(Map<String, String> more) throws SQLException {
    Properties settings = new Properties();
    settings.put("httpPath", server.get("path").getAsString());
    settings.put("ssl", "1");
    settings.put("AuthMech", "3");
    settings.put("UID", "token");
    settings.put("PWD", server.get("token").getAsString());
    settings.put("UseThriftClient", mode.startsWith("sea") ? "0" : "1");
    settings.put("EnableQueryResultDownload", mode.endsWith("files") || mode.equals("sea-arrow") ? "1" : "0");
    if (mode.equals("columns")) settings.put("EnableArrow", "0");
    settings.put("SSLTrustStore", folder + "/trust.p12");
    settings.put("SSLTrustStorePwd", STORE_PASSWORD);
    settings.put("SSLTrustStoreType", "PKCS12");
    settings.put("CheckCertRevocation", "0"); // the certificate of the workspace names no responder
    settings.put("VolumeOperationAllowedLocalPaths", folder);
    settings.put("UserAgentEntry", task.get("application").getAsString());
    settings.put("LogLevel", "0");
    settings.put("asyncexecpollinterval", "10"); // 200 ms by default, for each statement of SEA
    settings.putAll(more);
    // OAuth, the flag and some calls go to port 443 whatever the port of the connection: so all of it goes there, through
    // a proxy that knows the workspace under a cloud's name.
    for (String prefix : List.of("", "CF")) {
      settings.put("Use" + prefix + "Proxy", "1");
      settings.put(prefix + "ProxyHost", "127.0.0.1");
      settings.put(prefix + "ProxyPort", server.get("proxyPort").getAsString());
    }
    return DriverManager.getConnection("jdbc:databricks://" + server.get("cloudHost").getAsString() + ":443", settings);
  }

  private void within(Map<String, String> more, Work work) throws Exception {
    try (Connection connection = connect(more)) {
      work.run(connection);
    }
  }

  private void within(Work work) throws Exception {
    within(Map.of(), work);
  }

  private static String text(Object value) {
    if (value == null) return null;
    if (value instanceof byte[] bytes) return HexFormat.of().formatHex(bytes);
    if (value instanceof BigDecimal decimal) return decimal.toPlainString();
    if (value instanceof Date date) return date.toLocalDate().toString();
    if (value instanceof Timestamp moment) return moment.toLocalDateTime().format(MOMENT);
    if (value instanceof LocalDateTime moment) return moment.format(MOMENT);
    return value.toString();
  }

  private static List<String> column(ResultSet rows) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) values.add(text(rows.getObject(1)));
    return values;
  }

  private static List<String> query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      return column(rows);
    }
  }

  private void token() throws Exception {
    within(connection -> emit("token", "user", query(connection, "SELECT current_user() AS v")));
  }

  private void oauth() throws Exception {
    Map<String, String> settings = Map.of(
        "AuthMech", "11",
        "Auth_Flow", "1",
        "OAuth2ClientId", server.get("clientId").getAsString(),
        "OAuth2Secret", server.get("clientSecret").getAsString());
    within(settings, connection -> emit("oauth", "user", query(connection, "SELECT current_user() AS v")));
  }

  private void types() throws Exception {
    within(connection -> {
      for (JsonElement element : statements.getAsJsonArray("types")) {
        JsonObject kind = element.getAsJsonObject();
        String name = kind.get("name").getAsString();
        try {
          emit("types", name, query(connection, kind.get("sql").getAsString()));
        } catch (Exception error) {
          emitOther("types", name, "failed", String.valueOf(error.getMessage()));
        }
      }
    });
  }

  private static void bind(PreparedStatement statement, int at, JsonObject parameter) throws SQLException {
    JsonElement value = parameter.get("value");
    if (value.isJsonNull()) {
      statement.setNull(at, Types.VARCHAR);
      return;
    }
    String text = value.getAsString();
    switch (parameter.get("type").getAsString()) {
      case "int" -> statement.setInt(at, Integer.parseInt(text));
      case "bigint" -> statement.setLong(at, Long.parseLong(text));
      case "double" -> statement.setDouble(at, Double.parseDouble(text));
      case "boolean" -> statement.setBoolean(at, Boolean.parseBoolean(text));
      case "decimal" -> statement.setBigDecimal(at, new BigDecimal(text));
      case "date" -> statement.setDate(at, Date.valueOf(text));
      case "timestamp" -> statement.setTimestamp(at, Timestamp.valueOf(LocalDateTime.parse(text)));
      default -> statement.setString(at, text);
    }
  }

  private void parameters() throws Exception {
    within(connection -> {
      for (JsonElement element : statements.getAsJsonArray("parameters")) {
        JsonObject one = element.getAsJsonObject();
        String name = one.get("name").getAsString();
        JsonArray values = one.getAsJsonArray("bind");
        if (values.get(0).getAsJsonObject().has("name")) {
          emitOther("parameters", name, "unsupported", "JDBC has ? only");
          continue;
        }
        try (PreparedStatement statement = connection.prepareStatement(one.get("sql").getAsString())) {
          for (int i = 0; i < values.size(); i++) bind(statement, i + 1, values.get(i).getAsJsonObject());
          try (ResultSet rows = statement.executeQuery()) {
            emit("parameters", name, column(rows));
          }
        }
      }
    });
  }

  private void large() throws Exception {
    within(connection -> {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(statements.get("large").getAsString())) {
        long count = 0, ids = 0, length = 0, gaps = 0;
        double halves = 0;
        List<String> last = List.of();
        while (rows.next()) {
          count++;
          ids += rows.getLong(1);
          length += rows.getString(2).length();
          halves += rows.getDouble(3);
          rows.getLong(4);
          if (rows.wasNull()) gaps++;
          if (count == 200_000) last = List.of(text(rows.getObject(1)), rows.getString(2));
        }
        emit("large", "sums", List.of("" + count, "" + ids, "" + length, "" + (long) halves, "" + gaps));
        emit("large", "last row", last);
      }
    });
  }

  private static List<String> names(ResultSet rows, String column) throws SQLException {
    List<String> values = new ArrayList<>();
    try (rows) {
      while (rows.next()) values.add(rows.getString(column));
    }
    Collections.sort(values);
    return values;
  }

  private void metadata() throws Exception {
    JsonObject place = statements.getAsJsonObject("metadata");
    String catalog = place.get("catalog").getAsString(), schema = place.get("schema").getAsString();
    within(connection -> {
      var calls = connection.getMetaData();
      emit("metadata", "catalogs", names(calls.getCatalogs(), "TABLE_CAT"));
      emit("metadata", "schemas", names(calls.getSchemas(catalog, "%"), "TABLE_SCHEM"));
      emit("metadata", "tables", names(calls.getTables(catalog, schema, "%", null), "TABLE_NAME"));
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = calls.getColumns(catalog, schema, place.get("table").getAsString(), "%")) {
        while (rows.next()) columns.add(rows.getString("COLUMN_NAME") + " " + rows.getString("TYPE_NAME"));
      }
      emit("metadata", "columns", columns);
    });
  }

  private void errors() throws Exception {
    within(connection -> {
      for (JsonElement element : statements.getAsJsonArray("errors")) {
        JsonObject one = element.getAsJsonObject();
        String seen = "succeeded";
        try {
          query(connection, one.get("sql").getAsString());
        } catch (SQLException error) {
          seen = error.getSQLState();
        }
        emit("errors", one.get("name").getAsString(), Arrays.asList(seen));
      }
      emit("errors", "afterwards", query(connection, "SELECT 1 AS v"));
    });
  }

  private void ends(String scenario, Connection connection, Action action) throws Exception {
    long startedNs = System.nanoTime();
    String outcome = "succeeded";
    try {
      action.run();
    } catch (SQLException error) {
      outcome = "ended";
    }
    boolean soon = System.nanoTime() - startedNs < 15_000_000_000L;
    emit(scenario, "statement", List.of(outcome, soon ? "soon" : "late"));
    emit(scenario, "afterwards", query(connection, "SELECT 1 AS v"));
  }

  private void cancel() throws Exception {
    within(connection -> ends("cancel", connection, () -> {
      try (Statement statement = connection.createStatement()) {
        Thread canceller = new Thread(() -> {
          try {
            while (true) { // the driver can cancel once it knows the statement
              Thread.sleep(700);
              statement.cancel();
            }
          } catch (InterruptedException | SQLException over) {
            return;
          }
        });
        canceller.start();
        try {
          statement.executeQuery(statements.get("slow").getAsString());
        } finally {
          canceller.interrupt();
          canceller.join();
        }
      }
    }));
  }

  private void timeout() throws Exception {
    within(connection -> ends("timeout", connection, () -> {
      try (Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(1);
        statement.executeQuery(statements.get("slow").getAsString());
      }
    }));
  }

  private void volumes() throws Exception {
    Path up = Path.of(folder, "up.txt"), down = Path.of(folder, "down.txt");
    String remote = statements.get("volume").getAsString() + "/" + task.get("name").getAsString() + ".txt";
    String content = "content ☃\n".repeat(1000);
    Files.writeString(up, content);
    Files.deleteIfExists(down);
    within(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PUT '" + up + "' INTO '" + remote + "' OVERWRITE");
        statement.execute("GET '" + remote + "' TO '" + down + "'");
        emit("volumes", "round trip", List.of(Files.readString(down).equals(content) ? "same" : "different"));
        statement.execute("REMOVE '" + remote + "'");
        Files.delete(down);
        String outcome = "still there";
        try {
          statement.execute("GET '" + remote + "' TO '" + down + "'");
        } catch (SQLException error) {
          outcome = "gone";
        }
        emit("volumes", "removed", List.of(outcome));
      }
    });
  }

  private void configuration() throws Exception {
    String zone = statements.get("zone").getAsString();
    within(Map.of("ConnCatalog", "main", "ConnSchema", "foreign_other", "TIMEZONE", zone), connection -> {
      emit("configuration", "setting", query(connection, "SELECT current_timezone() AS v"));
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT current_catalog() AS c, current_schema() AS s")) {
        rows.next();
        emit("configuration", "namespace", List.of(rows.getString(1), rows.getString(2)));
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("USE SCHEMA default");
      }
      emit("configuration", "use", query(connection, "SELECT current_schema() AS s"));
    });
  }

  private void sessions() throws Exception {
    String[] seen = new String[4];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < seen.length; i++) {
      int number = i;
      threads.add(new Thread(() -> {
        try {
          within(connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute("CREATE OR REPLACE TEMPORARY VIEW own AS SELECT " + number + " AS v");
            }
            seen[number] = query(connection, "SELECT v FROM own").get(0);
          });
        } catch (Exception error) {
          seen[number] = String.valueOf(error.getMessage());
        }
      }));
    }
    for (Thread thread : threads) thread.start();
    for (Thread thread : threads) thread.join();
    emit("sessions", "own views", Arrays.asList(seen));
  }

  private void run(String scenario) throws Exception {
    switch (scenario) {
      case "token" -> token();
      case "oauth" -> oauth();
      case "types" -> types();
      case "parameters" -> parameters();
      case "large" -> large();
      case "metadata" -> metadata();
      case "errors" -> errors();
      case "cancel" -> cancel();
      case "timeout" -> timeout();
      case "volumes" -> volumes();
      case "configuration" -> configuration();
      case "sessions" -> sessions();
      default -> throw new IllegalArgumentException(scenario);
    }
  }

  public static void main(String[] arguments) throws Exception {
    JsonObject task = JsonParser.parseReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).getAsJsonObject();
    // The one system on which it still asks for columns.
    if (task.get("mode").getAsString().equals("columns")) System.setProperty("os.name", "AIX");
    Main program = new Main(task);
    for (JsonElement scenario : task.getAsJsonArray("scenarios")) {
      try {
        program.run(scenario.getAsString());
      } catch (Exception error) {
        emitOther(scenario.getAsString(), null, "failed", error.getClass().getSimpleName() + ": " + error.getMessage());
      }
    }
    Thread.sleep(3000); // its telemetry leaves by threads that do not hold the process
    System.exit(0);
  }
}
