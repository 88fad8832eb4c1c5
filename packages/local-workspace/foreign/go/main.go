// Runs the scenarios with databricks-sql-go; the task comes as JSON on standard input.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	dbsql "github.com/databricks/databricks-sql-go"
	"github.com/databricks/databricks-sql-go/driverctx"
	dbsqlerr "github.com/databricks/databricks-sql-go/errors"
)

type bound struct {
	Name  string
	Type  string
	Value *string
}

type task struct {
	Name        string
	Mode        string
	Application string
	Folder      string
	Scenarios   []string
	Server      struct {
		Host, Path, Token, ClientId, ClientSecret, CaFile, CloudHost string
		Port, ProxyPort                                              int
	}
	Statements struct {
		Types      []struct{ Name, Sql string }
		Parameters []struct {
			Name, Sql string
			Bind      []bound
		}
		Large, Slow, Volume, Zone string
		Errors              []struct{ Name, Sql string }
	}
}

type program struct {
	task
	transport *http.Transport
}

func emit(line map[string]any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

func saw(scenario, name string, values []any) {
	emit(map[string]any{"scenario": scenario, "case": name, "values": values})
}

// The value as JSON: text for scalars; what is nested is JSON text already.
func text(value any) any {
	switch v := value.(type) {
	case nil:
		return nil
	case []byte:
		return hex.EncodeToString(v)
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.999999999")
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

func (p *program) open(options ...dbsql.ConnOption) (*sql.DB, error) {
	all := append([]dbsql.ConnOption{
		// OAuth, telemetry and the flag know hosts of the clouds and port 443 alone: the proxy leads that name to the workspace.
		dbsql.WithServerHostname(p.Server.CloudHost),
		dbsql.WithPort(443),
		dbsql.WithHTTPPath(p.Server.Path),
		dbsql.WithAccessToken(p.Server.Token),
		dbsql.WithUserAgentEntry(p.Application),
		dbsql.WithTransport(p.transport),
		dbsql.WithCloudFetch(p.Mode == "files"),
	}, options...)
	connector, err := dbsql.NewConnector(all...)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (p *program) within(work func(db *sql.Conn) error, options ...dbsql.ConnOption) error {
	db, err := p.open(options...)
	if err != nil {
		return err
	}
	defer db.Close()
	connection, err := db.Conn(context.Background())
	if err != nil {
		return err
	}
	defer connection.Close()
	return work(connection)
}

func column(ctx context.Context, db *sql.Conn, statement string, arguments ...any) ([]any, error) {
	rows, err := db.QueryContext(ctx, statement, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values := []any{}
	for rows.Next() {
		var value any
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, text(value))
	}
	return values, rows.Err()
}

func (p *program) user(scenario string, options ...dbsql.ConnOption) error {
	return p.within(func(db *sql.Conn) error {
		values, err := column(context.Background(), db, "SELECT current_user() AS v")
		if err == nil {
			saw(scenario, "user", values)
		}
		return err
	}, options...)
}

func (p *program) token() error { return p.user("token") }

func (p *program) oauth() error {
	return p.user("oauth", dbsql.WithClientCredentials(p.Server.ClientId, p.Server.ClientSecret))
}

func (p *program) types() error {
	return p.within(func(db *sql.Conn) error {
		for _, one := range p.Statements.Types {
			values, err := column(context.Background(), db, one.Sql)
			if err != nil {
				emit(map[string]any{"scenario": "types", "case": one.Name, "failed": err.Error()})
				continue
			}
			if one.Name == "date" {
				for i, value := range values {
					if value, ok := value.(string); ok {
						values[i] = value[:10]
					}
				}
			}
			saw("types", one.Name, values)
		}
		return nil
	})
}

func bind(one bound) dbsql.Parameter {
	kinds := map[string]dbsql.SqlType{
		"int": dbsql.SqlInteger, "bigint": dbsql.SqlBigInt, "double": dbsql.SqlDouble, "boolean": dbsql.SqlBoolean,
		"string": dbsql.SqlString, "decimal": dbsql.SqlDecimal, "date": dbsql.SqlDate, "timestamp": dbsql.SqlTimestamp,
	}
	if one.Value == nil {
		return dbsql.Parameter{Name: one.Name, Type: dbsql.SqlVoid, Value: nil}
	}
	return dbsql.Parameter{Name: one.Name, Type: kinds[one.Type], Value: *one.Value}
}

func (p *program) parameters() error {
	return p.within(func(db *sql.Conn) error {
		for _, one := range p.Statements.Parameters {
			arguments := []any{}
			for _, each := range one.Bind {
				arguments = append(arguments, bind(each))
			}
			values, err := column(context.Background(), db, one.Sql, arguments...)
			if err != nil {
				emit(map[string]any{"scenario": "parameters", "case": one.Name, "failed": err.Error()})
				continue
			}
			if one.Bind[0].Type == "date" {
				values[0] = values[0].(string)[:10]
			}
			saw("parameters", one.Name, values)
		}
		return nil
	})
}

func (p *program) large() error {
	return p.within(func(db *sql.Conn) error {
		rows, err := db.QueryContext(context.Background(), p.Statements.Large)
		if err != nil {
			return err
		}
		defer rows.Close()
		var count, ids, length, gaps, id int64
		var halves, half float64
		var name string
		var gap sql.NullInt64
		for rows.Next() {
			if err := rows.Scan(&id, &name, &half, &gap); err != nil {
				return err
			}
			count++
			ids += id
			length += int64(len(name))
			halves += half
			if !gap.Valid {
				gaps++
			}
		}
		saw("large", "sums", []any{text(count), text(ids), text(length), text(int64(halves)), text(gaps)})
		saw("large", "last row", []any{text(id), name})
		return rows.Err()
	})
}

func (p *program) metadata() error {
	emit(map[string]any{"scenario": "metadata", "unsupported": "database/sql has no calls for metadata"})
	return nil
}

func (p *program) errors() error {
	return p.within(func(db *sql.Conn) error {
		for _, one := range p.Statements.Errors {
			_, err := column(context.Background(), db, one.Sql)
			var failure dbsqlerr.DBExecutionError
			switch {
			case err == nil:
				saw("errors", one.Name, []any{"succeeded"})
			case errors.As(err, &failure):
				saw("errors", one.Name, []any{failure.SqlState()})
			default:
				saw("errors", one.Name, []any{err.Error()})
			}
		}
		values, err := column(context.Background(), db, "SELECT 1 AS v")
		if err == nil {
			saw("errors", "afterwards", values)
		}
		return err
	})
}

func (p *program) ends(scenario string, db *sql.Conn, ctx context.Context) error {
	started := time.Now()
	outcome, pace := "ended", "soon"
	if _, err := column(ctx, db, p.Statements.Slow); err == nil {
		outcome = "succeeded"
	}
	if time.Since(started) > 15*time.Second {
		pace = "late"
	}
	saw(scenario, "statement", []any{outcome, pace})
	values, err := column(context.Background(), db, "SELECT 1 AS v")
	if err == nil {
		saw(scenario, "afterwards", values)
	}
	return err
}

func (p *program) cancel() error {
	return p.within(func(db *sql.Conn) error {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(700*time.Millisecond, cancel)
		return p.ends("cancel", db, ctx)
	})
}

func (p *program) timeout() error {
	return p.within(func(db *sql.Conn) error {
		return p.ends("timeout", db, context.Background())
	}, dbsql.WithTimeout(time.Second))
}

func (p *program) volumes() error {
	up, down := filepath.Join(p.Folder, "up.txt"), filepath.Join(p.Folder, "down.txt")
	remote := p.Statements.Volume + "/" + p.Name + ".txt"
	content := strings.Repeat("content ☃\n", 1000)
	if err := os.WriteFile(up, []byte(content), 0o600); err != nil {
		return err
	}
	ctx := driverctx.NewContextWithStagingInfo(context.Background(), []string{p.Folder})
	return p.within(func(db *sql.Conn) error {
		if _, err := db.ExecContext(ctx, fmt.Sprintf("PUT '%s' INTO '%s' OVERWRITE", up, remote)); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, fmt.Sprintf("GET '%s' TO '%s'", remote, down)); err != nil {
			return err
		}
		outcome := "different"
		if read, err := os.ReadFile(down); err == nil && string(read) == content {
			outcome = "same"
		}
		saw("volumes", "round trip", []any{outcome})
		if _, err := db.ExecContext(ctx, fmt.Sprintf("REMOVE '%s'", remote)); err != nil {
			return err
		}
		outcome = "still there"
		if _, err := db.ExecContext(ctx, fmt.Sprintf("GET '%s' TO '%s'", remote, down)); err != nil {
			outcome = "gone"
		}
		saw("volumes", "removed", []any{outcome})
		return nil
	})
}

func (p *program) configuration() error {
	return p.within(func(db *sql.Conn) error {
		zone, err := column(context.Background(), db, "SELECT current_timezone() AS v")
		if err != nil {
			return err
		}
		saw("configuration", "setting", zone)
		var catalog, schema string
		row := db.QueryRowContext(context.Background(), "SELECT current_catalog() AS c, current_schema() AS s")
		if err := row.Scan(&catalog, &schema); err != nil {
			return err
		}
		saw("configuration", "namespace", []any{catalog, schema})
		if _, err := db.ExecContext(context.Background(), "USE SCHEMA default"); err != nil {
			return err
		}
		values, err := column(context.Background(), db, "SELECT current_schema() AS s")
		if err == nil {
			saw("configuration", "use", values)
		}
		return err
	}, dbsql.WithInitialNamespace("main", "foreign_other"),
		dbsql.WithSessionParams(map[string]string{"TIMEZONE": p.Statements.Zone}))
}

func (p *program) sessions() error {
	seen := make([]any, 4)
	var group sync.WaitGroup
	for number := range seen {
		group.Add(1)
		go func() {
			defer group.Done()
			err := p.within(func(db *sql.Conn) error {
				view := fmt.Sprintf("CREATE OR REPLACE TEMPORARY VIEW own AS SELECT %d AS v", number)
				if _, err := db.ExecContext(context.Background(), view); err != nil {
					return err
				}
				values, err := column(context.Background(), db, "SELECT v FROM own")
				if err == nil {
					seen[number] = values[0]
				}
				return err
			})
			if err != nil {
				seen[number] = err.Error()
			}
		}()
	}
	group.Wait()
	saw("sessions", "own views", seen)
	return nil
}

func main() {
	var p program
	if err := json.NewDecoder(os.Stdin).Decode(&p.task); err != nil {
		panic(err)
	}
	pem, err := os.ReadFile(p.Server.CaFile)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	// The token endpoint and volumes go through the default transport, whatever WithTransport says.
	p.transport = http.DefaultTransport.(*http.Transport)
	p.transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	p.transport.Proxy = func(request *http.Request) (*url.URL, error) {
		if request.URL.Hostname() != p.Server.CloudHost {
			return nil, nil
		}
		return url.Parse(fmt.Sprintf("http://127.0.0.1:%d", p.Server.ProxyPort))
	}
	scenarios := map[string]func() error{
		"token": p.token, "oauth": p.oauth, "types": p.types, "parameters": p.parameters, "large": p.large,
		"metadata": p.metadata, "errors": p.errors, "cancel": p.cancel, "timeout": p.timeout, "volumes": p.volumes,
		"configuration": p.configuration, "sessions": p.sessions,
	}
	for _, name := range p.Scenarios {
		if err := scenarios[name](); err != nil {
			emit(map[string]any{"scenario": name, "failed": err.Error()})
		}
	}
}
