package dev.caretaker.server.api.connect;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.BindableService;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the services look like, for clients that were not generated: the files of all of them, each behind those it imports. */
final class Descriptors {
    private Descriptors() {}

    static FileDescriptorSet of(List<BindableService> services) {
        Map<String, FileDescriptor> files = new LinkedHashMap<>();
        for (BindableService service : services) {
            if (service.bindService().getServiceDescriptor().getSchemaDescriptor()
                    instanceof ProtoFileDescriptorSupplier known) {
                add(known.getFileDescriptor(), files);
            }
        }
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        files.values().forEach(file -> set.addFile(named(file)));
        return set.build();
    }

    /** With the names of fields in JSON, which the compiler tells others and leaves out for Java: clients take them as they stand here. */
    private static FileDescriptorProto named(FileDescriptor file) {
        FileDescriptorProto.Builder proto = file.toProto().toBuilder();
        for (int i = 0; i < proto.getMessageTypeCount(); i++) {
            name(file.getMessageTypes().get(i), proto.getMessageTypeBuilder(i));
        }
        return proto.build();
    }

    private static void name(Descriptor message, DescriptorProto.Builder proto) {
        for (int i = 0; i < proto.getFieldCount(); i++) {
            proto.getFieldBuilder(i).setJsonName(message.getFields().get(i).getJsonName());
        }
        for (int i = 0; i < proto.getNestedTypeCount(); i++) {
            name(message.getNestedTypes().get(i), proto.getNestedTypeBuilder(i));
        }
    }

    private static void add(FileDescriptor file, Map<String, FileDescriptor> files) {
        if (!files.containsKey(file.getFullName())) {
            file.getDependencies().forEach(imported -> add(imported, files));
            files.put(file.getFullName(), file);
        }
    }
}
