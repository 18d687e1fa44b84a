package dev.caretaker.server.console.page;

import dev.caretaker.server.console.page.Proofs.Proof;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListArchivesResponse;
import dev.caretaker.v1.VerifyArchiveResponse;
import dev.caretaker.v1.VerifyLevel;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Optional;

/** Rows that were kept elsewhere: their list, and one archive with its proof, which may be made anew. */
@Singleton
final class ArchivePages implements Pages {
    private static final int PAGE = 50;

    private final Proofs proofs;

    ArchivePages(Proofs proofs) {
        this.proofs = proofs;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/archives", this::list);
        routes.get("/archives/{archive}", this::show);
        routes.post("/archives/{archive}/verify", this::verify);
    }

    private Reply list(Request request) {
        Api api = request.api();
        KeptFilter filter =
                new KeptFilter(request.query("target"), request.query("all").equals("1"));
        ListArchivesResponse answer = api.archives()
                .listArchives(ListArchivesRequest.newBuilder()
                        .setTarget(filter.target())
                        .setIncludeDeleted(filter.all())
                        .setPageSize(PAGE)
                        .setPageToken(request.query("page"))
                        .build());
        return request.page(
                Section.ARCHIVES,
                "Archives",
                "archives.jte",
                new ArchivesView(filter, Targets.names(api), answer.getArchivesList(), answer.getNextPageToken()));
    }

    private Reply show(Request request) {
        Archive archive = request.api()
                .archives()
                .getArchive(GetArchiveRequest.newBuilder()
                        .setArchiveId(request.variable("archive"))
                        .build())
                .getArchive();
        Optional<Proof> proof = proofs.of(archive.getArchiveId());
        boolean looking = proof.isPresent() && !proof.get().ended();
        return request.livePage(
                Section.ARCHIVES,
                "Archive of " + archive.getTable().getName(),
                looking ? 2 : 0,
                "archive.jte",
                new ArchiveView(
                        archive,
                        ListPart.of(request, "/archives/" + archive.getArchiveId(), archive.getPartsList()),
                        looking,
                        proof.map(Proof::at).orElse(VerifyArchiveResponse.getDefaultInstance()),
                        proof.map(Proof::problem).orElse("")));
    }

    private Reply verify(Request request) {
        VerifyLevel level = Arrays.stream(VerifyLevel.values())
                .filter(one -> one != VerifyLevel.UNRECOGNIZED && one.name().equals(request.field("level")))
                .findFirst()
                .orElse(VerifyLevel.VERIFY_LEVEL_UNSPECIFIED);
        proofs.begin(request.api(), request.actor(), request.variable("archive"), level);
        return Reply.seeOther("/archives/" + request.variable("archive"));
    }
}
