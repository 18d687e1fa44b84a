package dev.caretaker.server.api.listen;

import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** Server reflection, so that tools such as grpcurl need no .proto files. */
@Factory
final class Reflection {

    @Singleton
    BindableService reflection() {
        return ProtoReflectionServiceV1.newInstance();
    }

    /** Older tools, such as grpcurl before 1.9 and most graphical clients, ask the service by its former name. */
    @Singleton
    @SuppressWarnings("deprecation")
    BindableService formerReflection() {
        return ProtoReflectionService.newInstance();
    }
}
