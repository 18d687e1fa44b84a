package dev.caretaker.server.api.listen;

import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.ListenConfig;
import io.grpc.ServerBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Gives the server its TLS and its limits before it starts. */
@Singleton
final class Listening implements BeanCreatedEventListener<ServerBuilder<?>> {
    /** Room for 500 policies with long IN lists. */
    private static final int MOST_REQUEST_BYTES = 8 << 20;

    private static final int MOST_HEADER_BYTES = 16 << 10;
    /** Clients may ping this often, also while they wait: watchers behind load balancers have to. */
    private static final int PING_SECONDS = 10;
    /** A watcher that is gone without a word is noticed after this and {@link #PING_SECONDS}. */
    private static final int OWN_PING_SECONDS = 60;

    private final ListenConfig listen;

    Listening(CaretakerConfig config) {
        this.listen = config.listen();
    }

    @Override
    public ServerBuilder<?> onCreated(BeanCreatedEvent<ServerBuilder<?>> event) {
        NettyServerBuilder builder = (NettyServerBuilder) event.getBean();
        listen.tls().map(Listening::sslContext).ifPresent(builder::sslContext);
        return builder.maxInboundMessageSize(MOST_REQUEST_BYTES)
                .maxInboundMetadataSize(MOST_HEADER_BYTES)
                .permitKeepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(OWN_PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_SECONDS, TimeUnit.SECONDS);
    }

    private static SslContext sslContext(ListenConfig.Tls tls) {
        try {
            SslContextBuilder context = SslContextBuilder.forServer(
                    tls.certificate().toFile(), tls.key().toFile());
            // Optional in the handshake, so that health stays open and tokens may do; who must prove themselves is
            // decided
            // per call. A certificate that is shown must be good.
            tls.clientCa().ifPresent(ca -> context.trustManager(ca.toFile()).clientAuth(ClientAuth.OPTIONAL));
            return GrpcSslContexts.configure(context).build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new ConfigException(
                    "caretaker.listen.tls", "cannot use certificate, key or client-ca: " + e.getMessage());
        }
    }
}
