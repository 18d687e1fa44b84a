package dev.caretaker.server.archive.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.Piece;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.TestFormats;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final byte[] HEADER = "\"id\"\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path root;

    private final UUID archive = UUID.randomUUID();

    /** What the control store would know: parts by number, closed ones with their last mark. */
    private static final class Book implements Spool.Parts {
        private final TreeMap<Integer, PartMark> closed = new TreeMap<>();
        private final TreeMap<Integer, String> files = new TreeMap<>();

        @Override
        public void begin(PartMark behind, int part, String file, String object) {
            if (behind.part() > 0) {
                assertThat(files.get(behind.part())).isEqualTo(behind.file());
                closed.put(behind.part(), behind);
            }
            files.tailMap(behind.part(), false).clear();
            closed.tailMap(behind.part(), false).clear();
            files.put(part, file);
        }

        /** What an archive holds that is sealed at a mark. */
        List<PartMark> sealed(PartMark at) {
            List<PartMark> parts =
                    new ArrayList<>(closed.headMap(at.part(), false).values());
            if (at.part() > 0) {
                parts.add(at);
            }
            return parts;
        }
    }

    private Spool spool(Path folder, Book book, String compression, long partBytes) {
        return spool(new SpoolFolder(folder), book, compression, partBytes);
    }

    private Spool spool(SpoolFolder folder, Book book, String compression, long partBytes) {
        return new Spool(
                archive,
                folder,
                book,
                TestFormats.all().format("csv"),
                TestFormats.all().compression(compression),
                HEADER,
                partBytes,
                false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd"})
    void what_is_read_back_is_what_was_marked_however_batches_fail_and_servers_die(String compression)
            throws IOException {
        for (int seed = 0; seed < 60; seed++) {
            Path home = Files.createDirectory(root.resolve(compression + seed));
            new Story(new Random(seed), home, compression).play();
        }
    }

    /** Batches that succeed, are rolled back before or after they are durable, and crashes at any moment, of which each loses the process. */
    private final class Story {
        private final Random random;
        private final Path home;
        private final String compression;
        private final Book book = new Book();
        /** What every committed mark stands for. */
        private String committed = "";

        private PartMark mark = PartMark.start(archive);
        private Path folder;
        private Spool spool;
        private int crashes;

        Story(Random random, Path home, String compression) {
            this.random = random;
            this.home = home;
            this.compression = compression;
            this.folder = home.resolve("spool0");
            this.spool = spool(folder, book, compression, 2_000);
        }

        void play() throws IOException {
            for (int batch = 0; batch < 40; batch++) {
                StringBuilder rows = new StringBuilder();
                int count = random.nextInt(60);
                spool.continueAt(mark);
                for (int i = 0; i < count; i++) {
                    String row = batch + "," + random.nextLong() + "\n";
                    rows.append(row);
                    spool.out().write(row.getBytes(StandardCharsets.UTF_8));
                    if (random.nextInt(400) == 0) {
                        crash();
                        rows.setLength(0);
                        break;
                    }
                }
                if (rows.isEmpty() && count > 0) {
                    continue;
                }
                switch (random.nextInt(8)) {
                    case 0 -> spool.discard(); // rolled back
                    case 1 -> durable(count); // durable, but the commit failed
                    case 2 -> {
                        durable(count);
                        crash();
                    }
                    case 3 -> {
                        commit(durable(count), rows);
                        crash();
                    }
                    case 4 -> overlap(marked(count), rows);
                    case 5 -> marked(count); // rolled back before it was durable
                    default -> commit(durable(count), rows);
                }
            }
            spool.close();
            assertThat(contents()).isEqualTo(committed);
        }

        private PartMark durable(int rows) throws IOException {
            PartMark reached = marked(rows);
            spool.makeDurable(reached);
            return reached;
        }

        /** The next batch is written while this one is made durable; then both are committed, or one, or none. */
        private void overlap(PartMark first, StringBuilder rows) throws IOException {
            if (!spool.mayOverlap(first)) {
                return;
            }
            String row = "ahead," + random.nextLong() + "\n";
            spool.continueAt(first);
            spool.out().write(row.getBytes(StandardCharsets.UTF_8));
            if (random.nextInt(4) == 0) {
                return; // the first failed
            }
            Optional<PartMark> second = random.nextBoolean() ? Optional.of(marked(1)) : Optional.empty();
            spool.makeDurable(first);
            commit(first, rows);
            if (second.isPresent() && random.nextBoolean()) {
                spool.makeDurable(second.get());
                commit(second.get(), new StringBuilder(row));
            } else if (random.nextBoolean()) {
                crash();
            }
        }

        private PartMark marked(int rows) throws IOException {
            return spool.mark(new Piece(rows, BigDecimal.valueOf(rows), Optional.empty(), Optional.empty()));
        }

        private void commit(PartMark reached, StringBuilder rows) {
            mark = reached;
            committed += rows;
        }

        /** What the disk holds at this moment is all that there is; bytes that were never forced may be torn. */
        private void crash() throws IOException {
            Path after = home.resolve("spool" + ++crashes);
            copy(folder, after);
            Path torn = after.resolve(archive.toString()).resolve(mark.file());
            if (mark.part() > 0 && random.nextBoolean()) {
                byte[] bytes = Files.readAllBytes(torn);
                int cut = (int) mark.bytes() + random.nextInt((int) (bytes.length - mark.bytes()) + 1);
                Files.write(torn, Arrays.copyOf(bytes, cut));
            }
            spool.close();
            folder = after;
            spool = spool(folder, book, compression, 2_000);
        }

        private String contents() throws IOException {
            StringBuilder all = new StringBuilder();
            long rows = 0;
            for (PartMark part : book.sealed(mark)) {
                byte[] bytes =
                        Files.readAllBytes(folder.resolve(archive.toString()).resolve(part.file()));
                String text = expand(TestFormats.all().compression(compression), bytes, (int) part.bytes());
                assertThat(text.length()).isEqualTo((int) part.rawBytes());
                assertThat(text).startsWith("\"id\"\n");
                String own = text.substring(HEADER.length);
                assertThat(own.lines().count()).isEqualTo(part.rows());
                assertThat(part.hash()).isEqualByComparingTo(BigDecimal.valueOf(part.rows()));
                rows += part.rows();
                all.append(own);
            }
            assertThat(rows).isEqualTo(committed.lines().count());
            return all.toString();
        }
    }

    private static String expand(Compression compression, byte[] bytes, int length) throws IOException {
        try (InputStream in = compression.expand(new ByteArrayInputStream(bytes, 0, length))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            in.transferTo(out);
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    @Test
    void durable_bytes_of_a_batch_that_may_have_been_committed_outlive_those_who_give_up_on_it() throws IOException {
        Book book = new Book();
        PartMark inDoubt;
        Path file;
        try (Spool first = spool(root, book, "zstd", 1 << 20)) {
            first.continueAt(first.start());
            first.out().write("1\n".getBytes(StandardCharsets.UTF_8));
            inDoubt = first.mark(new Piece(1, BigDecimal.ONE, Optional.empty(), Optional.empty()));
            first.makeDurable(inDoubt);
            file = root.resolve(archive.toString()).resolve(inDoubt.file());
            first.discard();
            first.continueAt(first.start());
            first.out().write("2\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(expand(TestFormats.all().compression("zstd"), Files.readAllBytes(file), (int) inDoubt.bytes()))
                .isEqualTo("\"id\"\n1\n");
    }

    @Test
    void what_was_not_made_durable_before_its_part_was_closed_can_no_longer_be() throws IOException {
        try (Spool spool = spool(root, new Book(), "none", 1 << 20)) {
            spool.continueAt(spool.start());
            spool.out().write("1\n".getBytes(StandardCharsets.UTF_8));
            PartMark first = spool.mark(new Piece(1, BigDecimal.ONE, Optional.empty(), Optional.empty()));
            spool.makeDurable(first);
            spool.continueAt(first);
            spool.out().write("2\n".getBytes(StandardCharsets.UTF_8));
            PartMark second = spool.mark(new Piece(1, BigDecimal.ONE, Optional.empty(), Optional.empty()));
            spool.close();
            spool.makeDurable(first);
            assertThatThrownBy(() -> spool.makeDurable(second)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_part_is_settled_when_its_writer_has_closed_it_and_only_there() throws IOException {
        SpoolFolder folder = new SpoolFolder(root);
        SpoolFolder ofAnotherServer = new SpoolFolder(root);
        Path file;
        try (Spool spool = spool(folder, new Book(), "none", 1 << 20)) {
            spool.continueAt(spool.start());
            spool.out().write("1\n".getBytes(StandardCharsets.UTF_8));
            PartMark mark = spool.mark(new Piece(1, BigDecimal.ONE, Optional.empty(), Optional.empty()));
            file = folder.file(archive, mark.file());
            assertThat(folder.isSettled(file)).isFalse();
        }
        assertThat(folder.isSettled(file)).isTrue();
        assertThat(ofAnotherServer.isSettled(file)).isFalse();
        folder.delete(archive, file.getFileName().toString());
        assertThat(folder.isSettled(file)).isFalse();
    }

    @Test
    void rolled_back_batches_leave_neither_parts_nor_bytes() throws IOException {
        Book book = new Book();
        try (Spool spool = spool(root, book, "gzip", 1 << 20)) {
            for (int i = 0; i < 10; i++) {
                spool.continueAt(spool.start());
                spool.out().write("1\n".getBytes(StandardCharsets.UTF_8));
                spool.discard();
            }
            spool.continueAt(spool.start());
            assertThat(spool.mark(Piece.NONE)).isEqualTo(spool.start());
        }
        assertThat(book.files).hasSize(1);
        assertThat(Files.size(root.resolve(archive.toString()).resolve(book.files.get(1))))
                .isZero();
    }

    @Test
    void a_part_that_is_large_enough_is_followed_by_another() throws IOException {
        Book book = new Book();
        try (Spool spool = spool(root, book, "none", 100)) {
            PartMark mark = spool.start();
            for (int i = 0; i < 3; i++) {
                spool.continueAt(mark);
                spool.out().write("x".repeat(120).concat("\n").getBytes(StandardCharsets.UTF_8));
                mark = spool.mark(new Piece(1, BigDecimal.ONE, Optional.empty(), Optional.empty()));
            }
            assertThat(mark.part()).isEqualTo(3);
            assertThat(book.sealed(mark)).extracting(PartMark::rows).containsExactly(1L, 1L, 1L);
        }
    }

    @Test
    void nobody_writes_without_saying_where_to_go_on() {
        try (Spool spool = spool(root, new Book(), "none", 100)) {
            assertThatThrownBy(() -> spool.out().write(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> spool.continueAt(PartMark.start(UUID.randomUUID())))
                    .isInstanceOfSatisfying(
                            CaretakerException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.INTERNAL));
        }
    }

    @Test
    void servers_that_share_a_spool_know_it_by_one_identity() {
        SpoolFolder one = new SpoolFolder(root.resolve("shared"));
        SpoolFolder other = new SpoolFolder(root.resolve("shared"));
        assertThat(one.id()).isEqualTo(other.id());
        assertThat(new SpoolFolder(root.resolve("own")).id()).isNotEqualTo(one.id());
    }

    @Test
    void a_spool_that_cannot_be_used_says_where_it_is() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "not a folder");
        assertThatThrownBy(() -> new SpoolFolder(file.resolve("spool")).id())
                .isInstanceOfSatisfying(CaretakerException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.SPOOL_FAILED);
                    assertThat(e).hasMessageContaining(file.toString());
                });
    }

    @Test
    void a_sweep_takes_what_no_part_is_and_leaves_what_it_does_not_know() throws IOException {
        SpoolFolder folder = new SpoolFolder(root);
        UUID strange = UUID.randomUUID();
        Path named = folder.write(archive, "part-00001.csv", HEADER);
        Path left = folder.write(archive, "part-00002.csv", HEADER);
        Path elsewhere = folder.write(strange, "part-00001.csv", HEADER);
        Path copy = Files.write(folder.copy(), HEADER);
        Path other = Files.write(Files.createDirectory(root.resolve("scratch")).resolve("PG_VERSION"), HEADER);
        Instant later = Instant.now().plusSeconds(60);
        assertThat(folder.sweep(archive::equals, Set.of(named), later)).isEqualTo(2);
        assertThat(List.of(left, copy)).noneMatch(Files::exists);
        assertThat(List.of(named, elsewhere, other)).allMatch(Files::exists);
    }
}
