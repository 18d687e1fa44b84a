package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.VerifyArchiveRequest;
import dev.caretaker.v1.VerifyArchiveResponse;
import dev.caretaker.v1.VerifyLevel;
import io.grpc.StatusRuntimeException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at archives that somebody asked for in the console. Such a look is no run: it ends when whoever asked goes away, so it is
 * followed here, as the user who asked, and pages show how far it is. A server that stops ends its looks; they can be repeated.
 */
@Singleton
final class Proofs {
    private static final Logger LOG = LoggerFactory.getLogger(Proofs.class);
    private static final int AT_A_TIME = 2;
    private static final long LONGEST_HOURS = 24;

    private final Map<String, Proof> looks = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_A_TIME);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("console-proof-", 0).factory());

    /**
     * How far a look is.
     *
     * @param at the latest news; nothing before it began
     * @param problem why it could not be done, a sentence; empty if it could
     * @param ended whether nothing more comes
     */
    record Proof(VerifyArchiveResponse at, String problem, boolean ended) {
        static final Proof BEGUN = new Proof(VerifyArchiveResponse.getDefaultInstance(), "", false);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    /** Of that archive, the latest that was asked for here. */
    Optional<Proof> of(String archiveId) {
        return Optional.ofNullable(looks.get(archiveId));
    }

    /** Looks at an archive, beside; does nothing while somebody does. */
    void begin(Api api, String actor, String archiveId, VerifyLevel level) {
        boolean[] mine = {false};
        looks.compute(archiveId, (id, before) -> {
            mine[0] = before == null || before.ended();
            return mine[0] ? Proof.BEGUN : before;
        });
        if (mine[0]) {
            threads.execute(() -> look(api, actor, archiveId, level));
        }
    }

    private void look(Api api, String actor, String archiveId, VerifyLevel level) {
        try {
            places.acquire();
            try {
                Iterator<VerifyArchiveResponse> news = api.archives()
                        .withDeadlineAfter(LONGEST_HOURS, TimeUnit.HOURS)
                        .verifyArchive(VerifyArchiveRequest.newBuilder()
                                .setArchiveId(archiveId)
                                .setLevel(level)
                                .setActor(actor)
                                .build());
                while (news.hasNext()) {
                    VerifyArchiveResponse at = news.next();
                    looks.put(archiveId, new Proof(at, "", at.hasVerdict()));
                }
            } finally {
                places.release();
            }
        } catch (StatusRuntimeException e) {
            String why = e.getStatus().getDescription();
            ended(archiveId, why == null ? "The server gave no reason." : why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended(archiveId, "The server stops.");
        } catch (RuntimeException e) {
            LOG.warn("archive {} could not be looked at for the console", archiveId, e);
            ended(archiveId, "Something went wrong. The log says why.");
        }
    }

    private void ended(String archiveId, String why) {
        looks.computeIfPresent(archiveId, (id, before) -> new Proof(before.at(), why, true));
    }
}
