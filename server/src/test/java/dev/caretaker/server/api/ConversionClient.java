package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionServiceGrpc.ConversionServiceBlockingStub;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.RevertConversionResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.StartConversionResponse;
import dev.caretaker.v1.TableName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Asks for conversions of tables of target {@code main}, as a client would. */
record ConversionClient(ConversionServiceBlockingStub stub) {

    static ConversionClient of(WholeServer server) {
        return new ConversionClient(server.conversions());
    }

    /** By months, two ahead, in a set that is called like the table. */
    static PlanConversionRequest.Builder request(String table, String key) {
        return PlanConversionRequest.newBuilder()
                .setRequestId(id())
                .setKeyColumn(key)
                .setSet(PartitionSet.newBuilder()
                        .setName(table)
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName(table))
                        .setAhead(PartitionsAhead.newBuilder().setPartitions(2))
                        .setGrid(PartitionGrid.newBuilder()
                                .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))));
    }

    Conversion plan(PlanConversionRequest.Builder request) {
        return stub.planConversion(request.build()).getConversion();
    }

    Conversion get(Conversion conversion) {
        return stub.getConversion(GetConversionRequest.newBuilder()
                        .setConversionId(conversion.getConversionId())
                        .build())
                .getConversion();
    }

    /** Starts it and follows it to its end. */
    List<RunEvent> begin(Conversion conversion, String requestId) {
        return events(start(conversion, requestId), StartConversionResponse::getEvent);
    }

    List<RunEvent> begin(Conversion conversion) {
        return begin(conversion, id());
    }

    /** Starts it and leaves. Returns the run's id. */
    String startOnly(Conversion conversion) {
        return start(conversion, id()).next().getEvent().getRunId();
    }

    private Iterator<StartConversionResponse> start(Conversion conversion, String requestId) {
        return stub.startConversion(StartConversionRequest.newBuilder()
                .setRequestId(requestId)
                .setConversionId(conversion.getConversionId())
                .setEtag(conversion.getEtag())
                .build());
    }

    Conversion complete(Conversion conversion) {
        return stub.completeConversion(CompleteConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setConversionId(conversion.getConversionId())
                        .build())
                .getConversion();
    }

    List<RunEvent> revert(Conversion conversion) {
        return events(
                stub.revertConversion(RevertConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setConversionId(conversion.getConversionId())
                        .build()),
                RevertConversionResponse::getEvent);
    }

    static void assertComplete(List<RunEvent> run) {
        assertThat(run.getLast().getFinished().getOutcome())
                .as(run.toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    static <A> List<RunEvent> events(Iterator<A> answers, Function<A, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        answers.forEachRemaining(answer -> events.add(event.apply(answer)));
        return events;
    }

    static String id() {
        return UUID.randomUUID().toString();
    }
}
