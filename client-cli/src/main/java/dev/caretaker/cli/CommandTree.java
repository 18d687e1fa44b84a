package dev.caretaker.cli;

import dev.caretaker.cli.archives.DeleteArchive;
import dev.caretaker.cli.archives.ListArchives;
import dev.caretaker.cli.archives.RestoreArchive;
import dev.caretaker.cli.archives.ShowArchive;
import dev.caretaker.cli.archives.VerifyArchive;
import dev.caretaker.cli.audit.AuditCommand;
import dev.caretaker.cli.backups.BackupHealthCommand;
import dev.caretaker.cli.backups.DeleteBackup;
import dev.caretaker.cli.backups.ListBackups;
import dev.caretaker.cli.backups.PinBackup;
import dev.caretaker.cli.backups.RecordBackup;
import dev.caretaker.cli.backups.RestoreBackup;
import dev.caretaker.cli.backups.RunBackup;
import dev.caretaker.cli.backups.ShowBackup;
import dev.caretaker.cli.backups.VerifyBackup;
import dev.caretaker.cli.completion.CompleteWords;
import dev.caretaker.cli.completion.CompletionCommand;
import dev.caretaker.cli.convert.CompleteConversion;
import dev.caretaker.cli.convert.ListConversions;
import dev.caretaker.cli.convert.PlanConversion;
import dev.caretaker.cli.convert.RevertConversion;
import dev.caretaker.cli.convert.ShowConversion;
import dev.caretaker.cli.convert.StartConversion;
import dev.caretaker.cli.demo.DemoCommand;
import dev.caretaker.cli.execute.ExecuteCommand;
import dev.caretaker.cli.growth.GrowthCommand;
import dev.caretaker.cli.health.HealthCommand;
import dev.caretaker.cli.holds.ListHolds;
import dev.caretaker.cli.holds.ReleaseHold;
import dev.caretaker.cli.holds.SetHold;
import dev.caretaker.cli.issues.CancelQueries;
import dev.caretaker.cli.issues.ChecksCommand;
import dev.caretaker.cli.issues.IssuesCommand;
import dev.caretaker.cli.issues.ListQueries;
import dev.caretaker.cli.issues.MuteIssue;
import dev.caretaker.cli.issues.ShowIssue;
import dev.caretaker.cli.issues.UnmuteIssue;
import dev.caretaker.cli.launcher.LauncherCommand;
import dev.caretaker.cli.notifications.ListChannels;
import dev.caretaker.cli.notifications.ListNotifications;
import dev.caretaker.cli.notifications.Redeliver;
import dev.caretaker.cli.notifications.ShowNotification;
import dev.caretaker.cli.notifications.TestChannel;
import dev.caretaker.cli.partitions.PartitionsCommand;
import dev.caretaker.cli.partitions.sets.ApplySets;
import dev.caretaker.cli.partitions.sets.DeleteSet;
import dev.caretaker.cli.partitions.sets.ListSets;
import dev.caretaker.cli.partitions.sets.ShowSet;
import dev.caretaker.cli.partitions.sets.SuggestSet;
import dev.caretaker.cli.partitions.upkeep.CreateCommand;
import dev.caretaker.cli.partitions.upkeep.RetiredDrop;
import dev.caretaker.cli.partitions.upkeep.RetiredList;
import dev.caretaker.cli.partitions.upkeep.RetiredReattach;
import dev.caretaker.cli.partitions.upkeep.UpkeepCommand;
import dev.caretaker.cli.partitions.upkeep.VerifyCommand;
import dev.caretaker.cli.plan.PlanCommand;
import dev.caretaker.cli.policies.ApplyPolicies;
import dev.caretaker.cli.policies.DeletePolicy;
import dev.caretaker.cli.policies.InitPolicy;
import dev.caretaker.cli.policies.ListPolicies;
import dev.caretaker.cli.policies.ShowPolicy;
import dev.caretaker.cli.reindex.LeftoversCommand;
import dev.caretaker.cli.reindex.ReindexCommand;
import dev.caretaker.cli.report.ReportCommand;
import dev.caretaker.cli.routine.RoutineCommand;
import dev.caretaker.cli.runs.CancelRun;
import dev.caretaker.cli.runs.DebtsOfRuns;
import dev.caretaker.cli.runs.ListRuns;
import dev.caretaker.cli.runs.PauseRun;
import dev.caretaker.cli.runs.ResumeRun;
import dev.caretaker.cli.runs.ShowRun;
import dev.caretaker.cli.runs.TuneRun;
import dev.caretaker.cli.runs.WatchRun;
import dev.caretaker.cli.schedules.ApplySchedules;
import dev.caretaker.cli.schedules.DeleteCalendar;
import dev.caretaker.cli.schedules.DeleteSchedule;
import dev.caretaker.cli.schedules.ListCalendars;
import dev.caretaker.cli.schedules.ListFires;
import dev.caretaker.cli.schedules.ListSchedules;
import dev.caretaker.cli.schedules.PauseSchedule;
import dev.caretaker.cli.schedules.PreviewSchedule;
import dev.caretaker.cli.schedules.ResumeSchedule;
import dev.caretaker.cli.schedules.ShowSchedule;
import dev.caretaker.cli.schedules.TriggerSchedule;
import dev.caretaker.cli.targets.CheckTarget;
import dev.caretaker.cli.targets.ListTargets;
import dev.caretaker.cli.targets.ShowTable;
import dev.caretaker.cli.vacuum.VacuumCommand;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * All commands by name. Only those whose name occurs among the arguments are built, because building one costs
 * milliseconds that every command would pay; all of them where no name occurs, so that help lists them.
 */
final class CommandTree {
    private static final List<String> NAMES = List.of(
            "targets",
            "policies",
            "plan",
            "execute",
            "runs",
            "vacuum",
            "reindex",
            "routine",
            "schedules",
            "holds",
            "notifications",
            "archives",
            "partitions",
            "convert",
            "backups",
            "health",
            "report",
            "growth",
            "issues",
            "checks",
            "queries",
            "audit",
            "server",
            "demo",
            "bench",
            "completion",
            "complete-words");

    private CommandTree() {}

    static CommandLine build(Session session, String... args) {
        List<String> given = Arrays.asList(args);
        boolean all = given.contains("completion")
                || given.contains("complete-words")
                || given.contains("help")
                || NAMES.stream().noneMatch(given::contains);
        CommandLine root = new CommandLine(session);
        for (String name : NAMES) {
            if (all || given.contains(name)) {
                add(root, name, session);
            }
        }
        root.getCommandSpec().usageMessage().footer(Help.FOOTER);
        shortenSynopsis(root);
        return root;
    }

    private static void shortenSynopsis(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(CommandTree::shortenSynopsis);
    }

    private static void add(CommandLine root, String name, Session session) {
        switch (name) {
            case "targets" -> {
                CommandLine targets = group(root, name, "Databases that are looked after.");
                targets.addSubcommand(new ListTargets(session));
                targets.addSubcommand(new CheckTarget(session));
                targets.addSubcommand(new ShowTable(session));
            }
            case "policies" -> {
                CommandLine policies = group(root, name, "What may be removed from which table, and when.");
                policies.addSubcommand(new InitPolicy(session));
                policies.addSubcommand(new ApplyPolicies(session));
                policies.addSubcommand(new ListPolicies(session));
                policies.addSubcommand(new ShowPolicy(session));
                policies.addSubcommand(new DeletePolicy(session));
            }
            case "plan" -> root.addSubcommand(new PlanCommand(session));
            case "execute" -> root.addSubcommand(new ExecuteCommand(session));
            case "runs" -> {
                CommandLine runs = group(root, name, "Work that goes on or has ended.");
                runs.addSubcommand(new ListRuns(session));
                runs.addSubcommand(new ShowRun(session));
                runs.addSubcommand(new WatchRun(session));
                runs.addSubcommand(new PauseRun(session));
                runs.addSubcommand(new ResumeRun(session));
                runs.addSubcommand(new CancelRun(session));
                runs.addSubcommand(new TuneRun(session));
                runs.addSubcommand(new DebtsOfRuns(session));
            }
            case "issues" -> {
                CommandLine issues = new CommandLine(new IssuesCommand(session));
                issues.addSubcommand(new ShowIssue(session));
                issues.addSubcommand(new MuteIssue(session));
                issues.addSubcommand(new UnmuteIssue(session));
                root.addSubcommand(name, issues);
            }
            case "backups" -> {
                CommandLine backups = group(root, name, "Copies of databases, and whether they are proven.");
                backups.addSubcommand(new RunBackup(session));
                backups.addSubcommand(new ListBackups(session));
                backups.addSubcommand(new ShowBackup(session));
                backups.addSubcommand(new VerifyBackup(session));
                backups.addSubcommand(new RestoreBackup(session));
                backups.addSubcommand(new DeleteBackup(session));
                backups.addSubcommand(new PinBackup(session));
                backups.addSubcommand(new BackupHealthCommand(session));
                backups.addSubcommand(new RecordBackup(session));
            }
            case "health" -> root.addSubcommand(new HealthCommand(session));
            case "report" -> root.addSubcommand(new ReportCommand(session));
            case "growth" -> root.addSubcommand(new GrowthCommand(session));
            case "audit" -> root.addSubcommand(new AuditCommand(session));
            case "checks" -> root.addSubcommand(new ChecksCommand(session));
            case "queries" -> {
                CommandLine queries = group(root, name, "Queries that run now.");
                queries.addSubcommand(new ListQueries(session));
                queries.addSubcommand(new CancelQueries(session));
            }
            case "partitions" -> partitions(root, name, session);
            case "convert" -> {
                CommandLine convert = group(root, name, "Plain tables that become partitioned, and back.");
                convert.addSubcommand(new PlanConversion(session));
                convert.addSubcommand(new StartConversion(session));
                convert.addSubcommand(new CompleteConversion(session));
                convert.addSubcommand(new RevertConversion(session));
                convert.addSubcommand(new ShowConversion(session));
                convert.addSubcommand(new ListConversions(session));
            }
            case "reindex" -> {
                CommandLine reindex = new CommandLine(new ReindexCommand(session));
                reindex.addSubcommand(new LeftoversCommand(session));
                root.addSubcommand(name, reindex);
            }
            case "schedules" -> {
                CommandLine schedules = group(root, name, "Work that starts by itself, and what became of it.");
                schedules.addSubcommand(new ApplySchedules(session));
                schedules.addSubcommand(new ListSchedules(session));
                schedules.addSubcommand(new ShowSchedule(session));
                schedules.addSubcommand(new DeleteSchedule(session));
                schedules.addSubcommand(new PauseSchedule(session));
                schedules.addSubcommand(new ResumeSchedule(session));
                schedules.addSubcommand(new TriggerSchedule(session));
                schedules.addSubcommand(new PreviewSchedule(session));
                schedules.addSubcommand(new ListFires(session));
                schedules.addSubcommand(new ListCalendars(session));
                schedules.addSubcommand(new DeleteCalendar(session));
            }
            case "holds" -> {
                CommandLine holds = group(root, name, "Work that is frozen.");
                holds.addSubcommand(new SetHold(session));
                holds.addSubcommand(new ListHolds(session));
                holds.addSubcommand(new ReleaseHold(session));
            }
            case "notifications" -> {
                CommandLine notifications = group(root, name, "Who is told of what.");
                notifications.addSubcommand(new ListChannels(session));
                notifications.addSubcommand(new TestChannel(session));
                notifications.addSubcommand(new ListNotifications(session));
                notifications.addSubcommand(new ShowNotification(session));
                notifications.addSubcommand(new Redeliver(session));
            }
            case "archives" -> {
                CommandLine archives = group(root, name, "Rows that left a table and are kept elsewhere.");
                archives.addSubcommand(new ListArchives(session));
                archives.addSubcommand(new ShowArchive(session));
                archives.addSubcommand(new VerifyArchive(session));
                archives.addSubcommand(new RestoreArchive(session));
                archives.addSubcommand(new DeleteArchive(session));
            }
            case "routine" -> root.addSubcommand(new RoutineCommand(session));
            case "vacuum" -> root.addSubcommand(new VacuumCommand(session));
            case "server" -> launched(root, name, "Start the control plane. Run by the launcher, ./caretaker.");
            case "demo" -> root.addSubcommand(new DemoCommand(session, Main::run));
            case "bench" -> launched(root, name, "Measure it against doing it by hand. Run by the launcher.");
            case "completion" -> root.addSubcommand(new CompletionCommand(session));
            case "complete-words" -> {
                root.addSubcommand(new CompleteWords(session));
                // The words are options and commands of another line.
                root.getSubcommands().get(name).getCommandSpec().parser().stopAtPositional(true);
            }
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static void partitions(CommandLine root, String name, Session session) {
        CommandLine partitions = new CommandLine(new PartitionsCommand(session));
        root.addSubcommand(name, partitions);
        CommandLine sets = group(partitions, "sets", "How partitioned tables are kept.");
        sets.addSubcommand(new ApplySets(session));
        sets.addSubcommand(new ListSets(session));
        sets.addSubcommand(new ShowSet(session));
        sets.addSubcommand(new DeleteSet(session));
        sets.addSubcommand(new SuggestSet(session));
        partitions.addSubcommand(new UpkeepCommand(session));
        partitions.addSubcommand(new CreateCommand(session));
        CommandLine retired = group(partitions, "retired", "Partitions that upkeep detached.");
        retired.addSubcommand(new RetiredList(session));
        retired.addSubcommand(new RetiredReattach(session));
        retired.addSubcommand(new RetiredDrop(session));
        partitions.addSubcommand(new VerifyCommand(session));
    }

    /** A command that only holds others. */
    private static CommandLine group(CommandLine root, String name, String description) {
        CommandSpec spec =
                CommandSpec.wrapWithoutInspection(new CommandGroup(name)).name(name);
        spec.usageMessage().description(description).sortOptions(false);
        root.getCommandSpec().addSubcommand(name, spec);
        return root.getSubcommands().get(name);
    }

    private static void launched(CommandLine root, String name, String description) {
        CommandSpec spec =
                CommandSpec.wrapWithoutInspection(new LauncherCommand(name)).name(name);
        spec.usageMessage().description(description);
        spec.parser().stopAtPositional(true).unmatchedArgumentsAllowed(true);
        root.getCommandSpec().addSubcommand(name, spec);
    }
}
