package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.Reading;
import dev.caretaker.server.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are believed: those of the JDK's authorities, or of the one of a file. Names must match. */
final class Trust {
    private Trust() {}

    /**
     * Speaks TLS on a connection.
     *
     * @param host whose name the certificate must have
     * @param authority certificates in PEM, read anew each time
     */
    static Socket secured(Socket plain, String host, Optional<Secret.InFile> authority)
            throws IOException, NotDeliveredException {
        SSLSocket tls = (SSLSocket) factory(authority).createSocket(plain, bare(host), plain.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** A host without the brackets that an IPv6 address has in a URL. */
    static String bare(String host) {
        return host.replaceAll("[\\[\\]]", "");
    }

    static SSLSocketFactory factory(Optional<Secret.InFile> authority) throws NotDeliveredException {
        try {
            return authority.isEmpty()
                    ? SSLContext.getDefault().getSocketFactory()
                    : context(authority.get()).getSocketFactory();
        } catch (IOException e) {
            throw NotDeliveredException.forNow("the channel's ca-file cannot be read: " + Reading.why(e));
        } catch (GeneralSecurityException e) {
            throw NotDeliveredException.forNow("the channel's ca-file cannot be used: " + e.getMessage());
        }
    }

    private static SSLContext context(Secret.InFile authority) throws IOException, GeneralSecurityException {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        try (InputStream in = Files.newInputStream(authority.path())) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                known.setCertificateEntry("authority " + known.size(), one);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
