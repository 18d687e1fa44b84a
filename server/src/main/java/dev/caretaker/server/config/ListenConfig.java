package dev.caretaker.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where and how the API listens.
 *
 * @param host address or name; loopback by default
 * @param port TCP port; 0 takes a free one
 * @param tls certificate and key; absent means plain text
 * @param tokensFile bearer tokens that callers must present one of
 * @param allowInsecure the operator's word that listening beyond loopback without TLS and authentication is meant
 */
public record ListenConfig(String host, int port, Optional<Tls> tls, Optional<Path> tokensFile, boolean allowInsecure) {

    /**
     * TLS of the API, all files in PEM.
     *
     * @param clientCa if present, callers must show a certificate signed by it
     */
    public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

    /** Whether callers must prove who they are. */
    public boolean authenticates() {
        return tokensFile.isPresent() || tls.flatMap(Tls::clientCa).isPresent();
    }
}
