package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.DumpFormat;
import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Carries the files of an archive to their destination, several at a time, and tells whose rows are in which. */
final class DumpFiles {
    private final BackupFolder into;
    private final Gate gate;
    private final DumpFormat format;
    private final Map<TableName, FoundTable> found = new HashMap<>();
    /** In a folder the file of an entry has its number. */
    private final Map<String, TableName> owners = new HashMap<>();

    private final Map<TableName, Manifest.Part> ofTables = new ConcurrentHashMap<>();
    private final Queue<Manifest.Part> others = new ConcurrentLinkedQueue<>();
    private List<CopiedTable> tables = List.of();

    DumpFiles(BackupFolder into, Gate gate, DumpFormat format, List<FoundTable> found, List<Dumped.Entry> entries) {
        this.into = into;
        this.gate = gate;
        this.format = format;
        found.forEach(table -> this.found.put(table.name(), table));
        if (format == DumpFormat.DIRECTORY) {
            entries.forEach(entry -> owners.put(entry.number() + ".dat", entry.table()));
        }
    }

    /** Returns when all are there. The largest go first. */
    void carry(Path archive, List<CopiedTable> sums, int threads) throws IOException {
        Map<TableName, CopiedTable> byName = new HashMap<>();
        sums.forEach(table -> byName.put(table.table(), table));
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(archive)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        files.sort(Comparator.comparingLong(DumpFiles::size).reversed());
        Queue<Path> left = new ConcurrentLinkedQueue<>(files);
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, files.size()); i++) {
            helpers.add(Thread.ofVirtual().start(() -> take(left, byName, files.size(), failure)));
        }
        take(left, byName, files.size(), failure);
        for (Thread helper : helpers) {
            join(helper);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        tables = sums.stream().map(this::withParts).toList();
    }

    private void take(
            Queue<Path> left, Map<TableName, CopiedTable> sums, int all, AtomicReference<RuntimeException> failure) {
        try {
            for (Path next = left.poll(); next != null && failure.get() == null; next = left.poll()) {
                gate.pass();
                gate.at(0.9, Amounts.count(all - left.size(), "file", "files") + " of " + all + " carried");
                put(next, sums);
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            left.clear();
        }
    }

    private void put(Path file, Map<TableName, CopiedTable> sums) {
        String name = file.getFileName().toString();
        Optional<TableName> table = Optional.ofNullable(owners.get(withoutSuffix(name)));
        CopiedTable sum = table.map(sums::get).orElse(null);
        Manifest.Part part = sum == null
                ? into.put(name, file, format == DumpFormat.CUSTOM ? heaps() : size(file), 0, BigDecimal.ZERO)
                : into.put(name, file, found.get(sum.table()).bytes(), sum.rows(), sum.hash());
        keepIfWanted(part);
        table.ifPresentOrElse(owner -> ofTables.put(owner, part), () -> others.add(part));
    }

    /** It may have taken long: a sweep may have been there before it. */
    private void keepIfWanted(Manifest.Part part) {
        try {
            gate.pass();
        } catch (Gate.EndedException e) {
            into.takeBack(part);
            throw e;
        }
    }

    private static String withoutSuffix(String name) {
        return name.replaceFirst("\\.(gz|zst|lz4)$", "");
    }

    /** What a scratch database will need. */
    private long heaps() {
        return found.values().stream().mapToLong(FoundTable::bytes).sum();
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CopiedTable withParts(CopiedTable table) {
        Manifest.Part part = ofTables.get(table.table());
        return part == null
                ? table
                : new CopiedTable(
                        table.table(),
                        table.parent(),
                        table.stored(),
                        table.hasRows(),
                        table.columns(),
                        table.rows(),
                        table.hash(),
                        List.of(part));
    }

    /** With the files of their rows. */
    List<CopiedTable> tables() {
        return tables;
    }

    /** Files that belong to no table: the table of contents, large objects, or the one that holds all. */
    List<Manifest.Part> others() {
        return List.copyOf(others);
    }
}
