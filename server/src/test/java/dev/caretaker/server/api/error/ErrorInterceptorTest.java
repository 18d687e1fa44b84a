package dev.caretaker.server.api.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.ErrorInfo;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.RunServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.junit.jupiter.api.Test;

class ErrorInterceptorTest {
    @Test
    void what_is_declared_and_not_built_says_so() throws Exception {
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new RunServiceGrpc.RunServiceImplBase() {})
                .intercept(new ErrorInterceptor())
                .build()
                .start();
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
                .build();
        try {
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> RunServiceGrpc.newBlockingStub(channel).getRun(GetRunRequest.getDefaultInstance()));
            assertThat(refused).hasMessageContaining("UNIMPLEMENTED").hasMessageContaining("GetRun");
            ErrorInfo info = StatusProto.fromThrowable(refused).getDetails(0).unpack(ErrorInfo.class);
            assertThat(info.getReason()).isEqualTo("NOT_BUILT_YET");
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }
}
