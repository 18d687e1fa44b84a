package dev.caretaker.server.api.security;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The name in the certificate that a caller showed and TLS verified against the configured authority. */
final class PeerCertificate {
    /** Kinds of subject alternative names, RFC 5280, section 4.2.1.6: URI (SPIFFE ids), DNS, e-mail. */
    private static final List<Integer> ALTERNATIVES = List.of(6, 2, 1);

    private PeerCertificate() {}

    /** The subject's common name, else its first URI, DNS or e-mail name. */
    static Optional<String> name(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? commonName(certificate).or(() -> alternativeName(certificate))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            // Not an error: this caller showed no certificate, and may have a token.
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            LdapName subject =
                    new LdapName(certificate.getSubjectX500Principal().getName());
            return subject.getRdns().reversed().stream()
                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                    .map(rdn -> rdn.getValue().toString())
                    .filter(name -> !name.isBlank())
                    .findFirst();
        } catch (InvalidNameException e) {
            throw new IllegalStateException("Java cannot read a name that it wrote", e);
        }
    }

    private static Optional<String> alternativeName(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("the client's certificate has malformed alternative names", e);
        }
        return names == null
                ? Optional.empty()
                : ALTERNATIVES.stream()
                        .flatMap(kind -> names.stream().filter(name -> kind.equals(name.getFirst())))
                        .map(name -> name.get(1).toString())
                        .findFirst();
    }
}
