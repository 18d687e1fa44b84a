package dev.caretaker.cli.connect;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How the connection is protected.
 *
 * @param tls whether encryption was asked for
 * @param ca certificates to trust; null for the system's
 * @param cert certificate chain to present; null for none
 * @param key private key of {@code cert}
 * @param token bearer token; empty for none
 * @param insecure whether the clear is accepted beyond loopback
 */
public record Security(boolean tls, Path ca, Path cert, Path key, String token, boolean insecure) {
    /** TLS where asked for or implied, and everywhere beyond loopback unless the clear was chosen in so many words. */
    boolean encrypts(Address address) {
        return tls || ca != null || cert != null || key != null || !(address.isLoopback() || insecure);
    }

    ChannelCredentials credentials(Address address) {
        if ((cert == null) != (key == null)) {
            throw CommandFailure.usage("--cert and --key belong together");
        }
        if (!encrypts(address)) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
        Path reading = ca;
        try {
            if (ca != null) {
                credentials.trustManager(ca.toFile());
            }
            if (cert != null) {
                reading = cert;
                credentials.keyManager(cert.toFile(), key.toFile());
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + reading + ": " + e.getMessage(), e);
        }
        return credentials.build();
    }
}
