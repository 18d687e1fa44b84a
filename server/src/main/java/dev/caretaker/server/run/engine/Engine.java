package dev.caretaker.server.run.engine;

import dev.caretaker.server.config.EngineConfig;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.RunObserver;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** What work on any run needs of this server. What it needs of one run it gets by itself: its lease, control and rows. */
@Singleton
record Engine(
        RunStore runs,
        DebtStore debts,
        DebtSettling settling,
        StepKinds kinds,
        HeldWork held,
        Targets targets,
        CommitGate gate,
        BackupGate backups,
        BackupsAtWork backupsAtWork,
        Optional<RunObserver> observer,
        Bell bell,
        EngineConfig config,
        Clock clock) {}
