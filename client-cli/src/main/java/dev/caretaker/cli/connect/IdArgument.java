package dev.caretaker.cli.connect;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.TypedId;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListArchivesResponse;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/**
 * The one thing that a command is about, by its id or by as much of its beginning as no other one has. To be mixed in.
 *
 * @param <A> answer of the server that lists such things
 */
@Command
public final class IdArgument<A> {
    private static final int PAGE = 1_000;

    private final String what;
    private final Listing<A> listing;
    private final Function<A, String> next;
    private final Function<A, List<String>> ids;
    private PositionalParamSpec parameter;

    private IdArgument(String what, Listing<A> listing, Function<A, String> next, Function<A, List<String>> ids) {
        this.what = what;
        this.listing = listing;
        this.next = next;
        this.ids = ids;
    }

    /** Asks for a page of such things. */
    @FunctionalInterface
    private interface Listing<A> {
        A page(Connection connection, String token);
    }

    public static IdArgument<ListArchivesResponse> archive() {
        return new IdArgument<>(
                "archive",
                (connection, token) -> connection
                        .archives()
                        .listArchives(ListArchivesRequest.newBuilder()
                                .setIncludeDeleted(true)
                                .setPageSize(PAGE)
                                .setPageToken(token)
                                .build()),
                ListArchivesResponse::getNextPageToken,
                page -> page.getArchivesList().stream()
                        .map(Archive::getArchiveId)
                        .toList());
    }

    public static IdArgument<ListBackupsResponse> backup() {
        return new IdArgument<>(
                "backup",
                (connection, token) -> connection
                        .backups()
                        .listBackups(ListBackupsRequest.newBuilder()
                                .setIncludeAll(true)
                                .setPageSize(PAGE)
                                .setPageToken(token)
                                .build()),
                ListBackupsResponse::getNextPageToken,
                page -> page.getBackupsList().stream().map(Backup::getBackupId).toList());
    }

    public static IdArgument<ListConversionsResponse> conversion() {
        return new IdArgument<>(
                "conversion",
                (connection, token) -> connection
                        .conversions()
                        .listConversions(ListConversionsRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListConversionsResponse::getNextPageToken,
                page -> page.getConversionsList().stream()
                        .map(Conversion::getConversionId)
                        .toList());
    }

    /** Annotations could not tell one kind from another, so the parameter is added to the command that this is mixed into. */
    @Spec(Spec.Target.MIXEE)
    void mixee(CommandSpec command) {
        parameter = PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .required(true)
                .type(String.class)
                .paramLabel(what.toUpperCase(Locale.ROOT))
                .description("Id of the " + what + ", or its beginning: four characters or more that no other " + what
                        + " has.")
                .build();
        command.addPositional(parameter);
    }

    /** The whole id. */
    public String id(Session session) {
        return TypedId.whole(parameter.getValue(), what, () -> all(session));
    }

    private List<String> all(Session session) {
        List<String> all = new ArrayList<>();
        Pages.each(token -> listing.page(session.connection(), token), next, page -> all.addAll(ids.apply(page)));
        return all;
    }
}
