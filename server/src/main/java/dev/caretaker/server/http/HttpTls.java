package dev.caretaker.server.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.ListenConfig;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS of the HTTP port: certificate and key of the gRPC port, and the certificates of callers that it takes. None is needed in the
 * handshake, since metrics and health are for everybody and tokens may do; one that is shown must be good.
 */
final class HttpTls {
    private HttpTls() {}

    /** A server that speaks TLS. */
    static HttpServer listen(InetSocketAddress address, int backlog, ListenConfig.Tls tls) throws IOException {
        boolean asks = tls.clientCa().isPresent();
        HttpsServer server = HttpsServer.create(address, backlog);
        server.setHttpsConfigurator(new HttpsConfigurator(context(tls)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setWantClientAuth(asks);
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    /** Netty reads the same files as for the gRPC port, in the same forms. */
    private static SSLContext context(ListenConfig.Tls tls) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            tls.certificate().toFile(), tls.key().toFile())
                    .sslProvider(SslProvider.JDK);
            tls.clientCa().ifPresent(ca -> builder.trustManager(ca.toFile()));
            return ((JdkSslContext) builder.build()).context();
        } catch (IllegalArgumentException | SSLException e) {
            throw new ConfigException(
                    "caretaker.listen.tls", "cannot use certificate, key or client-ca: " + e.getMessage());
        }
    }
}
