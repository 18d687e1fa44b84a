package dev.caretaker.server;

import ch.qos.logback.classic.LoggerContext;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ConfigCheck;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.ConfigFile;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.config.LogConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.source.ControlStorePool;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code server --config FILE}: the control plane, until it is told to stop (SIGTERM, Ctrl-C). */
final class ServerCommand {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String CONFIG = "--config";
    private static final String HELP = """
            Usage: caretaker server [--config FILE]
            Starts the control plane; SIGTERM or Ctrl-C stops it, and its runs go on when it starts again.
              --config=FILE   YAML with everything under 'caretaker:'. Environment variables such as
                              CARETAKER_LISTEN_PORT override it. Without a file there are no targets.
            Exit codes: 0 stopped, 1 failed, 2 usage or configuration.
            """;

    private ServerCommand() {}

    static void main(String... args) {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            System.out.print(HELP);
            return;
        }
        try {
            ApplicationContext context = start(file(args));
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
                        LOG.info("Stopping");
                        context.close();
                        stopped.countDown();
                    }));
            stopped.await();
        } catch (UsageException e) {
            System.err.println("caretaker server: " + e.getMessage());
            System.exit(USAGE);
        } catch (InterruptedException e) {
            System.exit(FAILED);
        } catch (RuntimeException e) {
            System.exit(report(e));
        }
    }

    private static ApplicationContext start(Optional<Path> file) {
        ApplicationContextBuilder builder =
                ApplicationContext.builder().mainClass(Main.class).banner(false);
        file.map(ConfigFile::read).ifPresent(builder::propertySources);
        ApplicationContext context = builder.build();
        try {
            context.getEnvironment().start();
            if (LogConfig.format(context.getEnvironment()) == LogConfig.Format.JSON) {
                JsonLog.use((LoggerContext) LoggerFactory.getILoggerFactory());
            }
            ConfigCheck.require(context.getEnvironment());
            context.start();
            CaretakerConfig config = context.getBean(CaretakerConfig.class);
            EmbeddedServer server = context.getBean(EmbeddedServer.class);
            try {
                server.start();
            } catch (RuntimeException e) {
                throw named(config.listen(), e);
            }
            LOG.info(
                    "Listening on {}:{}; targets: {}; control store: {}",
                    config.listen().host(),
                    server.getPort(),
                    config.targets().isEmpty()
                            ? "none"
                            : String.join(", ", config.targets().keySet()),
                    context.getBean(ControlStorePool.class).location());
            return context;
        } catch (RuntimeException e) {
            giveUp(context, e);
            throw e;
        }
    }

    /** The system says why it does not let us listen, but not where. */
    private static RuntimeException named(ListenConfig listen, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                String why = Optional.ofNullable(cause.getMessage()).orElse("no such host");
                return new ListenException(
                        "Cannot listen on " + listen.host() + ":" + listen.port() + " (caretaker.listen): " + why,
                        failure);
            }
        }
        return failure;
    }

    private static void giveUp(ApplicationContext context, RuntimeException failure) {
        try {
            Optional<ControlStorePool> store = context.findBean(ControlStorePool.class);
            context.close();
            store.ifPresent(ControlStorePool::stop);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static Optional<Path> file(String... args) {
        return switch (args.length) {
            case 0 -> Optional.empty();
            case 1 -> {
                if (!args[0].startsWith(CONFIG + "=")) {
                    throw new UsageException(args[0].equals(CONFIG) ? "--config wants a file" : "unknown: " + args[0]);
                }
                yield Optional.of(Path.of(args[0].substring(CONFIG.length() + 1)));
            }
            case 2 -> {
                if (!args[0].equals(CONFIG)) {
                    throw new UsageException("unknown: " + args[0]);
                }
                yield Optional.of(Path.of(args[1]));
            }
            default -> throw new UsageException("too many words; usage: caretaker server [--config FILE]");
        };
    }

    /** A line for what an operator can mend, a stack trace for what only a programmer can. */
    private static int report(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ConfigException wrong -> {
                    System.err.println(wrong.getMessage());
                    return USAGE;
                }
                case CaretakerException known -> {
                    System.err.println(known.getMessage());
                    return FAILED;
                }
                case ListenException taken -> {
                    System.err.println(taken.getMessage());
                    return FAILED;
                }
                case UncheckedIOException files -> {
                    System.err.println(files.getMessage());
                    return FAILED;
                }
                case FlywayValidateException other -> {
                    System.err.println("The control store was made by another version of Caretaker: its migrations are"
                            + " not those of this one. Use that version, or a new control store.");
                    return FAILED;
                }
                case SQLException store -> {
                    System.err.println("The control store cannot be used: " + store.getMessage());
                    return FAILED;
                }
                default -> {}
            }
        }
        LOG.error("Cannot start", failure);
        return FAILED;
    }

    private static final class ListenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenException(String message, RuntimeException cause) {
            super(message, cause);
        }
    }

    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
