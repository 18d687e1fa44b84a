package dev.caretaker.server.api.connect;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A method that HTTP can call: with one request, and one answer or a stream of them.
 *
 * @param request an empty one
 */
record Method(MethodDescriptor<Message, Message> descriptor, Message request) {

    /** Those of the services, by path: {@code /caretaker.v1.RunService/GetRun}. */
    static Map<String, Method> of(List<BindableService> services) {
        Map<String, Method> methods = new TreeMap<>();
        for (BindableService service : services) {
            for (ServerMethodDefinition<?, ?> method : service.bindService().getMethods()) {
                MethodType type = method.getMethodDescriptor().getType();
                if (type == MethodType.UNARY || type == MethodType.SERVER_STREAMING) {
                    Method found = of(method.getMethodDescriptor());
                    methods.put("/" + found.descriptor.getFullMethodName(), found);
                }
            }
        }
        return methods;
    }

    @SuppressWarnings("unchecked") // all services are generated from .proto files
    private static Method of(MethodDescriptor<?, ?> descriptor) {
        var marshaller = (PrototypeMarshaller<?>) descriptor.getRequestMarshaller();
        return new Method((MethodDescriptor<Message, Message>) descriptor, (Message)
                Objects.requireNonNull(marshaller.getMessagePrototype()));
    }

    /** Whether it answers by a stream. */
    boolean streams() {
        return descriptor.getType() == MethodType.SERVER_STREAMING;
    }

    /** Whether it changes nothing, so that GET may call it. */
    boolean changesNothing() {
        var known = (ProtoMethodDescriptorSupplier) descriptor.getSchemaDescriptor();
        return known.getMethodDescriptor().getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }
}
