package dev.caretaker.server.backup.tool;

import dev.caretaker.server.config.Secret;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * What programs of Postgres must know to connect as the JDBC driver does: the settings of the driver, as variables of libpq.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-envars.html">libpq's environment variables</a>
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">the driver's properties</a>
 */
public final class Libpq {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final String UNCHECKED = "org.postgresql.ssl.NonValidatingFactory";
    /** Driver: libpq. */
    private static final Map<String, String> SERVER_TYPES = Map.of(
            "any", "any",
            "primary", "primary",
            "master", "primary",
            "secondary", "standby",
            "slave", "standby",
            "preferSecondary", "prefer-standby",
            "preferSlave", "prefer-standby");

    private Libpq() {}

    /**
     * How to connect to the primary of a target.
     *
     * @param environment variables without the password
     * @param password empty: the program finds it, as the driver does
     */
    public record Login(Map<String, String> environment, String password) {}

    /**
     * Reads it from the configuration.
     *
     * @param applicationName by which the program's sessions are found
     * @throws CaretakerException TOOL_FAILED for what libpq cannot do as the driver does
     */
    public static Login of(TargetConfig target, String applicationName) {
        Properties given = new Properties();
        target.driverProperties().forEach(given::setProperty);
        target.credentials().user().ifPresent(user -> PGProperty.USER.set(given, user));
        target.credentials()
                .password()
                .map(Secret::reveal)
                .ifPresent(password -> PGProperty.PASSWORD.set(given, password));
        Properties all = flat(Driver.parseURL(target.url(), given), given);
        return new Libpq.Reading(target, all).login(applicationName);
    }

    /** What stands in the URL wins, as with the driver. */
    private static Properties flat(Properties parsed, Properties given) {
        Properties all = new Properties();
        given.stringPropertyNames().forEach(name -> all.setProperty(name, given.getProperty(name)));
        parsed.stringPropertyNames().forEach(name -> all.setProperty(name, parsed.getProperty(name)));
        return all;
    }

    /** The properties of one target. */
    private record Reading(TargetConfig target, Properties properties) {

        Login login(String applicationName) {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("PGHOST", properties.getProperty("PGHOST", "localhost"));
            environment.put("PGPORT", properties.getProperty("PGPORT", "5432"));
            put(environment, "PGDATABASE", Optional.ofNullable(properties.getProperty("PGDBNAME")));
            put(environment, "PGUSER", text(PGProperty.USER));
            environment.put("PGAPPNAME", applicationName);
            environment.put("PGCONNECT_TIMEOUT", Long.toString(CONNECT.toSeconds()));
            environment.put("PGTARGETSESSIONATTRS", sessionKind(environment.get("PGHOST")));
            put(environment, "PGCHANNELBINDING", text(PGProperty.CHANNEL_BINDING));
            put(environment, "PGGSSENCMODE", text(PGProperty.GSS_ENC_MODE));
            tls(environment);
            put(environment, "PGPASSFILE", Optional.ofNullable(System.getenv("PGPASSFILE")));
            return new Login(environment, text(PGProperty.PASSWORD).orElse(""));
        }

        private String sessionKind(String hosts) {
            String several = hosts.indexOf(',') < 0 ? "any" : "primary";
            String wanted = text(PGProperty.TARGET_SERVER_TYPE).orElse(several);
            return Optional.ofNullable(SERVER_TYPES.get(wanted))
                    .orElseThrow(() -> cannot(PGProperty.TARGET_SERVER_TYPE, wanted));
        }

        private void tls(Map<String, String> environment) {
            boolean asked =
                    text(PGProperty.SSL).filter(value -> !value.equals("false")).isPresent();
            boolean unchecked =
                    text(PGProperty.SSL_FACTORY).filter(UNCHECKED::equals).isPresent();
            text(PGProperty.SSL_FACTORY)
                    .filter(factory -> !factory.equals(UNCHECKED) && !factory.equals("org.postgresql.ssl.LibPQFactory"))
                    .ifPresent(factory -> {
                        throw cannot(PGProperty.SSL_FACTORY, factory);
                    });
            String otherwise = asked ? "verify-full" : "prefer";
            String mode = text(PGProperty.SSL_MODE).orElse(otherwise);
            environment.put("PGSSLMODE", unchecked && !mode.equals("prefer") ? "require" : mode);
            put(environment, "PGSSLROOTCERT", text(PGProperty.SSL_ROOT_CERT));
            put(environment, "PGSSLCERT", text(PGProperty.SSL_CERT));
            text(PGProperty.SSL_KEY).ifPresent(key -> environment.put("PGSSLKEY", pem(key)));
            text(PGProperty.SSL_PASSWORD).ifPresent(secret -> {
                throw CaretakerException.of(
                        Reason.TOOL_FAILED,
                        "The property sslpassword of target " + target.name()
                                + " cannot be handed to pg_dump, which knows no safe way to take it: use a key without"
                                + " a password that only Caretaker may read.",
                        Map.of("target", target.name()));
            });
        }

        /** The driver reads keys as PKCS-12 and as PKCS-8 in DER; libpq as PEM, and since it calls OpenSSL also in DER. */
        private String pem(String key) {
            if (key.endsWith(".p12") || key.endsWith(".pfx")) {
                throw cannot(PGProperty.SSL_KEY, key);
            }
            return key;
        }

        private CaretakerException cannot(PGProperty property, String value) {
            return CaretakerException.of(
                    Reason.TOOL_FAILED,
                    "pg_dump cannot connect as the property " + property.getName() + " of target " + target.name()
                            + " says: it does not know " + value + ".",
                    Map.of("target", target.name()));
        }

        private Optional<String> text(PGProperty property) {
            return Optional.ofNullable(properties.getProperty(property.getName()));
        }

        private static void put(Map<String, String> environment, String name, Optional<String> value) {
            value.ifPresent(text -> environment.put(name, text));
        }
    }
}
