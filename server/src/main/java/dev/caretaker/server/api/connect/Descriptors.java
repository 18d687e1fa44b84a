package dev.caretaker.server.api.connect;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
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
        files.values().forEach(file -> set.addFile(file.toProto()));
        return set.build();
    }

    private static void add(FileDescriptor file, Map<String, FileDescriptor> files) {
        if (!files.containsKey(file.getFullName())) {
            file.getDependencies().forEach(imported -> add(imported, files));
            files.put(file.getFullName(), file);
        }
    }
}
