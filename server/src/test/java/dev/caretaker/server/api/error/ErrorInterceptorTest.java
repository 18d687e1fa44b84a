package dev.caretaker.server.api.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ErrorInterceptorTest {
    private static final String NAME = "errors";

    private final ErrorInterceptor interceptor = new ErrorInterceptor();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ErrorInterceptor.class.getPackageName());
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        log.start();
        logger.addAppender(log);
        server = InProcessServerBuilder.forName(NAME)
                .addService(new TargetServiceGrpc.TargetServiceImplBase() {
                    @Override
                    public void listTargets(ListTargetsRequest request, StreamObserver<ListTargetsResponse> observer) {
                        throw new IllegalStateException("a secret");
                    }
                })
                .intercept(interceptor)
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(NAME).build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        logger.detachAppender(log);
    }

    @Test
    void what_fails_by_surprise_is_an_incident_but_not_while_the_server_stops() {
        assertThatThrownBy(this::call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failed -> assertThat(failed.getStatus().getCode()).isEqualTo(Code.INTERNAL));
        assertThat(log.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.ERROR));

        interceptor.stopping();

        assertThatThrownBy(this::call).isInstanceOfSatisfying(StatusRuntimeException.class, failed -> {
            assertThat(failed.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
            assertThat(failed.getStatus().getDescription()).isEqualTo("The server stops; try again.");
        });
        assertThat(log.list)
                .hasSize(2)
                .last()
                .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.INFO));
    }

    private void call() {
        ListTargetsResponse answer =
                TargetServiceGrpc.newBlockingStub(channel).listTargets(ListTargetsRequest.getDefaultInstance());
        throw new AssertionError("it answered " + answer);
    }
}
