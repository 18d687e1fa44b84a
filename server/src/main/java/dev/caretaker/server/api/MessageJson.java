package dev.caretaker.server.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.caretaker.server.api.mapping.ReportWriter;
import dev.caretaker.server.report.Report;
import dev.caretaker.server.report.ReportJson;
import jakarta.inject.Singleton;

/** Reports in the JSON form of their message. */
@Singleton
final class MessageJson implements ReportJson {
    @Override
    public String write(Report report) {
        try {
            return JsonFormat.printer().sortingMapKeys().print(ReportWriter.write(report)) + "\n";
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a report has a part that has no JSON form", e);
        }
    }
}
