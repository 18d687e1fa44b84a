package dev.caretaker.server.api.mapping;

import dev.caretaker.server.detect.Check;
import dev.caretaker.server.detect.CheckResult;
import dev.caretaker.server.detect.Confidence;
import dev.caretaker.server.detect.Detection;
import dev.caretaker.server.detect.Finding;
import dev.caretaker.server.detect.ImpactUnit;
import dev.caretaker.server.detect.LongQueries.LongQuery;
import dev.caretaker.server.detect.Mute;
import dev.caretaker.server.detect.Need;
import dev.caretaker.server.detect.RawFinding;
import dev.caretaker.server.detect.Severity;
import dev.caretaker.v1.CancelQueriesResponse;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.CheckThreshold;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.FindingStatus;
import java.util.List;
import java.util.stream.Collectors;

/** Writes findings, checks and what comes of them as messages. */
public final class FindingWriter {
    private FindingWriter() {}

    public static DetectIssuesResponse write(Detection detection) {
        return DetectIssuesResponse.newBuilder()
                .addAllFindings(
                        detection.findings().stream().map(FindingWriter::write).toList())
                .addAllChecks(
                        detection.checks().stream().map(FindingWriter::write).toList())
                .setDetectTime(Times.write(detection.time()))
                .build();
    }

    public static dev.caretaker.v1.Finding write(Finding finding) {
        RawFinding found = finding.found();
        return dev.caretaker.v1.Finding.newBuilder()
                .setFindingId(found.id())
                .setCheckId(found.checkId())
                .setSeverity(write(found.severity()))
                .setConfidence(write(found.confidence()))
                .setObjectKind(found.objectKind())
                .setSchema(found.schema())
                .setObject(found.object())
                .setMessage(found.message())
                .setImpact(found.impact())
                .setImpactUnit(write(found.impactUnit()))
                .setEvidence(Structs.write(found.evidence()))
                .setRemediationSql(found.remediation().orElse(""))
                .setFirstSeen(Times.write(finding.firstSeen()))
                .setLastSeen(Times.write(finding.lastSeen()))
                .setStatus(write(finding.status()))
                .setBlocksVacuum(found.blocksVacuum())
                .setBlocksCleanup(found.blocksCleanup())
                .setMuted(finding.muted())
                .build();
    }

    public static dev.caretaker.v1.Check write(Check check) {
        return dev.caretaker.v1.Check.newBuilder()
                .setCheckId(check.id())
                .setTitle(check.title())
                .setCategory(check.category())
                .setDefaultSeverity(write(check.severity()))
                .addAllThresholds(check.thresholds().stream()
                        .map(threshold -> CheckThreshold.newBuilder()
                                .setName(threshold.name())
                                .setValue(threshold.value())
                                .setUnit(threshold.unit())
                                .setMeaning(threshold.meaning())
                                .build())
                        .toList())
                .setMeaning(check.meaning())
                .setRemedy(check.remedy())
                .setOnRequest(check.onRequest())
                .setCustom(check.custom())
                .setNeeds(check.needs().stream().map(Need::describe).collect(Collectors.joining(", ")))
                .build();
    }

    public static dev.caretaker.v1.Mute write(Mute mute) {
        var message = dev.caretaker.v1.Mute.newBuilder()
                .setFindingId(mute.findingId())
                .setTarget(mute.target())
                .setReason(mute.reason())
                .setCreatedBy(Names.write(mute.createdBy()))
                .setCreateTime(Times.write(mute.created()));
        mute.expires().map(Times::write).ifPresent(message::setExpireTime);
        return message.build();
    }

    public static CancelQueriesResponse write(List<LongQuery> queries) {
        return CancelQueriesResponse.newBuilder()
                .addAllQueries(queries.stream().map(FindingWriter::write).toList())
                .build();
    }

    private static dev.caretaker.v1.LongQuery write(LongQuery query) {
        return dev.caretaker.v1.LongQuery.newBuilder()
                .setPid(query.pid())
                .setUser(query.user())
                .setApplication(query.application())
                .setAge(Times.write(query.age()))
                .setQuery(query.query())
                .setCancelled(query.cancelled())
                .setReason(query.reason())
                .build();
    }

    private static CheckReport write(CheckResult result) {
        return CheckReport.newBuilder()
                .setCheckId(result.checkId())
                .setStatus(
                        switch (result.status()) {
                            case RAN -> CheckStatus.CHECK_STATUS_RAN;
                            case SKIPPED -> CheckStatus.CHECK_STATUS_SKIPPED;
                            case FAILED -> CheckStatus.CHECK_STATUS_FAILED;
                        })
                .setReason(result.reason())
                .setFindings(result.ids().size())
                .setUnseenObjects(result.unseen())
                .build();
    }

    private static dev.caretaker.v1.Severity write(Severity severity) {
        return switch (severity) {
            case INFO -> dev.caretaker.v1.Severity.SEVERITY_INFO;
            case WARNING -> dev.caretaker.v1.Severity.SEVERITY_WARNING;
            case CRITICAL -> dev.caretaker.v1.Severity.SEVERITY_CRITICAL;
        };
    }

    /** UNSPECIFIED means all; an unknown value is a violation. */
    public static Severity read(Violations violations, String path, dev.caretaker.v1.Severity severity) {
        return switch (severity) {
            case SEVERITY_UNSPECIFIED, SEVERITY_INFO -> Severity.INFO;
            case SEVERITY_WARNING -> Severity.WARNING;
            case SEVERITY_CRITICAL -> Severity.CRITICAL;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a severity");
                yield Severity.INFO;
            }
        };
    }

    private static dev.caretaker.v1.Confidence write(Confidence confidence) {
        return switch (confidence) {
            case CERTAIN -> dev.caretaker.v1.Confidence.CONFIDENCE_CERTAIN;
            case ESTIMATED -> dev.caretaker.v1.Confidence.CONFIDENCE_ESTIMATED;
            case HEURISTIC -> dev.caretaker.v1.Confidence.CONFIDENCE_HEURISTIC;
        };
    }

    private static dev.caretaker.v1.ImpactUnit write(ImpactUnit unit) {
        return switch (unit) {
            case NONE -> dev.caretaker.v1.ImpactUnit.IMPACT_UNIT_UNSPECIFIED;
            case BYTES -> dev.caretaker.v1.ImpactUnit.IMPACT_UNIT_BYTES;
            case SECONDS -> dev.caretaker.v1.ImpactUnit.IMPACT_UNIT_SECONDS;
            case ROWS -> dev.caretaker.v1.ImpactUnit.IMPACT_UNIT_ROWS;
        };
    }

    private static FindingStatus write(Finding.Status status) {
        return switch (status) {
            case NEW -> FindingStatus.FINDING_STATUS_NEW;
            case STILL_THERE -> FindingStatus.FINDING_STATUS_STILL_THERE;
            case GONE -> FindingStatus.FINDING_STATUS_GONE;
        };
    }
}
