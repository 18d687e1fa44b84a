package dev.caretaker.server.api.mapping;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many messages go into one answer where each may be large: clients refuse answers of more than 4 MB unless told otherwise.
 *
 * @see <a href="https://grpc.github.io/grpc-java/javadoc/io/grpc/ManagedChannelBuilder.html#maxInboundMessageSize(int)">gRPC</a>
 */
public final class Fitting {
    /** Bytes, which leave room for what else is in the answer. */
    static final int MOST = 1 << 20;

    private Fitting() {}

    /**
     * The first of them, as many as have room. Those behind them are not made.
     *
     * @param least how many to tell in any case, as far as there are any
     */
    public static <M extends MessageLite> List<M> first(int least, Stream<M> messages) {
        List<M> first = new ArrayList<>();
        long bytes = 0;
        for (Iterator<M> each = messages.iterator(); each.hasNext(); ) {
            M message = each.next();
            bytes += message.getSerializedSize();
            if (bytes > MOST && first.size() >= least) {
                break;
            }
            first.add(message);
        }
        return List.copyOf(first);
    }
}
