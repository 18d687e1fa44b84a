package dev.caretaker.server.config;

import java.util.Properties;
import org.postgresql.Driver;

/**
 * What may be said of a JDBC URL: where it leads, without credentials.
 *
 * @param hosts host:port, several separated by commas
 */
public record PostgresUrl(String hosts, String database) {

    /**
     * Reads a URL.
     *
     * @param key configuration key for the error
     * @throws ConfigException if it is not a URL of the Postgres driver
     */
    public static PostgresUrl of(String key, String url) {
        Properties parsed = url.startsWith("jdbc:postgresql:") ? Driver.parseURL(url, null) : null;
        if (parsed == null) {
            throw new ConfigException(key, "not a Postgres URL; write jdbc:postgresql://host:5432/database");
        }
        String[] hosts = parsed.getProperty("PGHOST", "localhost").split(",");
        String[] ports = parsed.getProperty("PGPORT", "5432").split(",");
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            places.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[Math.min(i, ports.length - 1)]);
        }
        return new PostgresUrl(places.toString(), parsed.getProperty("PGDBNAME", ""));
    }

    public boolean hasSeveralHosts() {
        return hosts.indexOf(',') >= 0;
    }

    @Override
    public String toString() {
        return hosts + "/" + database;
    }
}
