package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.Reading;
import dev.caretaker.server.store.Notice;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Appends a CloudEvent as one line, on the disk before it counts as delivered. */
record LinesFile(Path path, URI source) implements Channel {

    @Override
    public void deliver(Notice notice, int attempts) throws NotDeliveredException {
        byte[] line = (CloudEvent.json(notice, source) + "\n").getBytes(StandardCharsets.UTF_8);
        // Opened each time, so that it may be moved away between two lines.
        try (FileChannel file = FileChannel.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            long end = file.size();
            ByteBuffer all = ByteBuffer.allocate(line.length + 1);
            if (end > 0 && !endsLine(file, end)) {
                all.put((byte) '\n'); // somebody died while writing
            }
            all.put(line).flip();
            while (all.hasRemaining()) {
                end += file.write(all, end);
            }
            file.force(true);
        } catch (IOException e) {
            throw NotDeliveredException.forNow("cannot write " + path + ": " + Reading.why(e));
        }
    }

    private static boolean endsLine(FileChannel file, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.read(last, end - 1) == 1 && last.get(0) == '\n';
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(30);
    }

    /** A process can lock a file once. */
    @Override
    public int atOnce() {
        return 1;
    }
}
