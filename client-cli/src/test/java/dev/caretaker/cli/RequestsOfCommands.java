package dev.caretaker.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which command sends what, with what was typed in it. */
final class RequestsOfCommands {
    private static final Pattern REQUEST = Pattern.compile("(\\w+Request)(?:\\((-?)([\\w,]*)\\))?");

    /**
     * A request alone: the command sets all of its fields. With {@code (a,b)}: only these; with {@code (-a,b)}: all but these. What
     * is not set by what was typed cannot be wrong: ids of runs and plans that the server gave, moments of its answers.
     */
    private static final String TABLE = """
            archives delete             | DeleteArchiveRequest
            archives list               | ListArchivesRequest
            archives restore            | RestoreArchiveRequest
            archives show               | GetArchiveRequest
            archives verify             | VerifyArchiveRequest
            audit                       | ListAuditEntriesRequest(-before_time)
            backups delete              | DeleteBackupRequest
            backups health              | GetBackupHealthRequest
            backups list                | ListBackupsRequest
            backups pin                 | PinBackupRequest
            backups record              | RecordExternalBackupRequest
            backups restore             | RestoreBackupRequest PreviewRestoreRequest
            backups run                 | RunBackupRequest
            backups show                | GetBackupRequest
            backups verify              | VerifyBackupRequest
            checks                      | ListChecksRequest
            convert complete            | CompleteConversionRequest
            convert list                | ListConversionsRequest
            convert plan                | PlanConversionRequest
            convert revert              | RevertConversionRequest
            convert show                | GetConversionRequest
            convert start               | StartConversionRequest(-etag)
            execute                     | ExecuteCleanupRequest(-etag) GetPlanRequest
            growth                      | GetGrowthRequest
            health                      | GetHealthRequest
            holds list                  | ListHoldsRequest
            holds release               | ReleaseHoldRequest
            holds set                   | SetHoldRequest
            issues                      | DetectIssuesRequest
            issues mute                 | MuteFindingRequest(-expire_time)
            issues show                 | GetFindingRequest
            issues unmute               | UnmuteFindingRequest
            notifications channels      | ListChannelsRequest
            notifications list          | ListDeliveriesRequest(-notification_id)
            notifications redeliver     | RedeliverNotificationRequest
            notifications show          | GetNotificationRequest
            notifications test          | TestChannelRequest
            partitions                  | ListPartitionsRequest
            partitions create           | CreatePartitionRequest
            partitions retired drop     | DropRetiredRequest
            partitions retired list     | ListRetiredRequest
            partitions retired reattach | ReattachPartitionRequest
            partitions sets apply       | ApplyPartitionSetsRequest
            partitions sets delete      | DeletePartitionSetRequest
            partitions sets list        | ListPartitionSetsRequest
            partitions sets show        | GetPartitionSetRequest
            partitions sets suggest     | SuggestPartitionSetRequest
            partitions upkeep           | PlanUpkeepRequest(-time_to_live) ExecuteUpkeepRequest(deadline)
            partitions verify           | VerifyPartitioningRequest
            plan                        | PlanCleanupRequest GetPlanRequest
            policies apply              | ApplyPoliciesRequest
            policies delete             | DeletePolicyRequest
            policies init               | SuggestPolicyRequest
            policies list               | ListPoliciesRequest
            policies show               | GetPolicyRequest
            queries cancel              | CancelQueriesRequest
            queries list                | CancelQueriesRequest(-cancel)
            reindex                     | RunReindexRequest
            reindex leftovers           | CleanReindexLeftoversRequest
            report                      | RunReportRequest
            routine                     | RunRoutineRequest DetectIssuesRequest(target,minimum_severity)
            runs cancel                 | CancelRunRequest
            runs debts                  | ListDebtsRequest SettleDebtsRequest
            runs list                   | ListRunsRequest(-outcomes,ended_after)
            runs pause                  | PauseRunRequest
            runs resume                 | ResumeRunRequest
            runs show                   | GetRunRequest
            runs tune                   | TuneRunRequest
            runs watch                  | WatchRunRequest GetRunRequest CancelRunRequest(run_id) ListRunsRequest()
            schedules apply             | ApplySchedulesRequest
            schedules calendars         | ListCalendarsRequest
            schedules delete            | DeleteScheduleRequest
            schedules delete-calendar   | DeleteCalendarRequest
            schedules fires             | ListFiresRequest(-before_time)
            schedules list              | ListSchedulesRequest
            schedules pause             | PauseScheduleRequest
            schedules preview           | PreviewScheduleRequest(-after_time)
            schedules resume            | ResumeScheduleRequest
            schedules show              | GetScheduleRequest
            schedules trigger           | TriggerScheduleRequest ListFiresRequest()
            targets check               | CheckTargetRequest
            targets list                | ListTargetsRequest
            targets table               | GetTableRequest
            vacuum                      | RunVacuumRequest
            """;

    private RequestsOfCommands() {}

    /**
     * A request that a command sends.
     *
     * @param fields that the command sets, or does not
     */
    record Sent(String request, boolean allBut, Set<String> fields) {
        boolean sets(String field) {
            return fields.contains(field) != allBut;
        }
    }

    /** By the paths of the commands. */
    static Map<String, List<Sent>> all() {
        Map<String, List<Sent>> all = new TreeMap<>();
        TABLE.lines().map(line -> line.split("\\|")).forEach(row -> all.put(row[0].strip(), sent(row[1])));
        return all;
    }

    private static List<Sent> sent(String requests) {
        return Arrays.stream(requests.strip().split(" "))
                .map(RequestsOfCommands::one)
                .toList();
    }

    private static Sent one(String text) {
        Matcher request = REQUEST.matcher(text);
        if (!request.matches()) {
            throw new IllegalArgumentException(text);
        }
        String fields = request.group(3);
        return fields == null
                ? new Sent(request.group(1), true, Set.of())
                : new Sent(request.group(1), !request.group(2).isEmpty(), Set.of(fields.split(",")));
    }
}
