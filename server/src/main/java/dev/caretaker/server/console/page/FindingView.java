package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.FindingWords;
import dev.caretaker.v1.GetFindingResponse;
import java.util.Map;

/** One finding with its check. */
public record FindingView(String target, GetFindingResponse found) {

    public Map<String, String> evidence() {
        return FindingWords.evidence(found.getFinding().getEvidence());
    }

    public boolean isMuted() {
        return found.hasMute();
    }
}
