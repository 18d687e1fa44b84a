package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.DeliveryWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.notify.Notifications;
import dev.caretaker.server.store.DeliveryRow;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.GetNotificationRequest;
import dev.caretaker.v1.GetNotificationResponse;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListChannelsResponse;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.ListDeliveriesResponse;
import dev.caretaker.v1.NotificationServiceGrpc;
import dev.caretaker.v1.RedeliverNotificationRequest;
import dev.caretaker.v1.RedeliverNotificationResponse;
import dev.caretaker.v1.TestChannelRequest;
import dev.caretaker.v1.TestChannelResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Channels, and what is told to them. A test's id follows from its request's, so that it is sent once. */
@Singleton
final class NotificationEndpoint extends NotificationServiceGrpc.NotificationServiceImplBase {
    private static final int USUAL_PAGE = 100;

    private final Notifications notifications;
    private final Commands commands;

    NotificationEndpoint(Notifications notifications, Commands commands) {
        this.notifications = notifications;
        this.commands = commands;
    }

    @Override
    public void listChannels(ListChannelsRequest request, StreamObserver<ListChannelsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Notifications.LARGEST_PAGE);
        violations.check();
        List<Channel> rest = notifications.channels().stream()
                .map(DeliveryWriter::write)
                .filter(channel -> at.after().isEmpty()
                        || channel.getName().compareTo(at.after().get()) > 0)
                .toList();
        List<Channel> page = rest.subList(0, Math.min(at.size(), rest.size()));
        Optional<String> last =
                page.size() < rest.size() ? Optional.of(page.getLast().getName()) : Optional.empty();
        Replies.send(
                observer,
                ListChannelsResponse.newBuilder()
                        .addAllChannels(page)
                        .setNextPageToken(paging.next(last))
                        .build());
    }

    @Override
    public void testChannel(TestChannelRequest request, StreamObserver<TestChannelResponse> observer) {
        Replies.send(observer, commands.execute(request, TestChannelResponse.parser(), violations -> {
            String channel = violations.required("channel", request.getChannel());
            return new Command<>(
                    "",
                    Map.of("channel", channel),
                    actor -> {
                        notifications.test(testId(request), channel, actor);
                        return TestChannelResponse.newBuilder()
                                .setNotificationId(testId(request).toString())
                                .build();
                    },
                    // Writing it twice is writing it once.
                    Optional::empty,
                    answer -> Map.of("notification_id", answer.getNotificationId()));
        }));
    }

    private static UUID testId(TestChannelRequest request) {
        String name = "test of request " + UUID.fromString(request.getRequestId());
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void listDeliveries(ListDeliveriesRequest request, StreamObserver<ListDeliveriesResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Notifications.LARGEST_PAGE);
        Optional<DeliveryStore.Key> after = at.after().flatMap(token -> key(violations, token));
        Optional<DeliveryRow.State> state = DeliveryWriter.read(request.getState());
        violations.require(
                state.isPresent() || request.getState() == DeliveryState.DELIVERY_STATE_UNSPECIFIED,
                "state",
                "is not a state of a delivery");
        Optional<UUID> notification = request.getNotificationId().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(violations.uuid("notification_id", request.getNotificationId()));
        DeliveryStore.Filter filter =
                new DeliveryStore.Filter(text(request.getChannel()), text(request.getTarget()), state, notification);
        List<DeliveryRow> found = violations.checked(() -> notifications.list(filter, after, at.size() + 1));
        List<DeliveryRow> page = found.subList(0, Math.min(found.size(), at.size()));
        Optional<String> next = found.size() > page.size() ? Optional.of(token(page.getLast())) : Optional.empty();
        Replies.send(
                observer,
                ListDeliveriesResponse.newBuilder()
                        .addAllDeliveries(
                                page.stream().map(DeliveryWriter::write).toList())
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    @Override
    public void getNotification(GetNotificationRequest request, StreamObserver<GetNotificationResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("notification_id", request.getNotificationId());
        violations.check();
        Replies.send(
                observer,
                GetNotificationResponse.newBuilder()
                        .setNotification(DeliveryWriter.write(notifications.get(id)))
                        .build());
    }

    private static String token(DeliveryRow row) {
        return row.notice().occurred() + " " + row.notice().id() + " " + row.channel();
    }

    private static Optional<DeliveryStore.Key> key(Violations violations, String token) {
        String[] parts = token.split(" ", 3);
        try {
            return Optional.of(new DeliveryStore.Key(Instant.parse(parts[0]), UUID.fromString(parts[1]), parts[2]));
        } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            violations.add("page_token", "is not a token that this list returned");
            return Optional.empty();
        }
    }

    @Override
    public void redeliverNotification(
            RedeliverNotificationRequest request, StreamObserver<RedeliverNotificationResponse> observer) {
        Replies.send(observer, commands.execute(request, RedeliverNotificationResponse.parser(), violations -> {
            UUID id = violations.uuid("notification_id", request.getNotificationId());
            return new Command<>(
                    "",
                    Map.of("notification_id", request.getNotificationId(), "channel", request.getChannel()),
                    actor -> RedeliverNotificationResponse.newBuilder()
                            .addAllDeliveries(notifications.redeliver(id, text(request.getChannel())).stream()
                                    .map(DeliveryWriter::write)
                                    .toList())
                            .build(),
                    // Delivering once more does no harm: the id is the same.
                    Optional::empty,
                    answer -> Map.of("deliveries", Integer.toString(answer.getDeliveriesCount())));
        }));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }
}
