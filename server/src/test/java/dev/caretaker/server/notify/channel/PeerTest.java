package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A name may mean another address a moment later: the connection goes to the one that was judged. */
@Timeout(30)
class PeerTest {
    /** No resolver knows it: who connects by name gets nowhere. */
    private static final String NAME = "rebound.invalid";

    /** What the name means, one time after the other. */
    private final Queue<InetAddress[]> answers = new ArrayDeque<>();

    private static InetAddress[] addresses(String... all) {
        return Arrays.stream(all)
                .map(one -> {
                    try {
                        return InetAddress.getByName(one);
                    } catch (UnknownHostException e) {
                        throw new IllegalArgumentException(e);
                    }
                })
                .toArray(InetAddress[]::new);
    }

    private Peer peer(int port, Reach reach, InetAddress[]... means) {
        answers.addAll(Arrays.asList(means));
        return new Peer(NAME, port, reach, Duration.ofSeconds(10), host -> answers.remove());
    }

    @Test
    void the_connection_goes_to_the_address_that_was_judged_whatever_the_name_means_afterwards() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Peer peer = peer(server.getLocalPort(), Reach.PRIVATE, addresses("127.0.0.1"), addresses("127.0.0.9"));
            InetAddress reached = peer.call(socket -> socket.getInetAddress());
            assertThat(reached.getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(reached.getHostName()).as("for TLS and the Host header").isEqualTo(NAME);
            assertThat(answers).as("the name was asked for once").hasSize(1);
        }
    }

    @Test
    void of_several_addresses_one_that_is_allowed_is_taken() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Peer peer = peer(server.getLocalPort(), Reach.PRIVATE, addresses("203.0.114.1", "127.0.0.1"));
            assertThat(peer.<String>call(socket -> socket.getInetAddress().getHostAddress()))
                    .isEqualTo("127.0.0.1");
        }
    }

    @Test
    void a_name_that_means_only_what_is_not_allowed_is_refused_before_anything_is_connected() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            server.setSoTimeout(1);
            Stream.of("127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1")
                    .forEach(address -> {
                        NotDeliveredException refused = catchThrowableOfType(
                                NotDeliveredException.class,
                                () -> peer(server.getLocalPort(), Reach.PUBLIC, addresses(address))
                                        .call(socket -> socket));
                        assertThat(refused).as(address).hasMessageContaining("no public address");
                        assertThat(refused.isLasting()).isTrue();
                    });
            assertThat(catchThrowableOfType(SocketTimeoutException.class, server::accept))
                    .as("nobody came")
                    .isNotNull();
        }
    }
}
