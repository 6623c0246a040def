package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;
import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.candidate.Layout;
import java.time.Duration;

/** A candidacy of ours, under another library's names. */
record OurContender(String name, Cable cable, Candidacy candidacy) implements Contender {
    static OurContender enter(String name, Cable cable, String path, Layout layout, Witness witness) {
        String content = layout == Layout.MESOS ? "{\"id\":\"" + name + "\"}" : name;
        Candidacy candidacy = Candidacy.builder(cable.connectString(), path)
                .layout(layout)
                .content(content)
                .sessionTimeout(Duration.ofMillis(MixedCandidatesMatrix.SESSION_TIMEOUT_MILLIS))
                .listener(event -> {
                    if (event instanceof CandidacyEvent.Leading) {
                        witness.begins(name);
                    } else if (event instanceof CandidacyEvent.SteppedDown) {
                        witness.ceases(name);
                    }
                })
                .start();
        return new OurContender(name, cable, candidacy);
    }

    @Override
    public void resign() {
        candidacy.resign();
    }

    @Override
    public void leave() {
        candidacy.close();
        cable.close();
    }
}
