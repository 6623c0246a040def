package io.matriarch.core.election;

import static io.matriarch.core.election.ElectionFixture.vote;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.core.quorum.Membership;
import io.matriarch.wire.ServerId;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** election.md 3.5, 5.3 and D9: an election while {1,2,3} → {3,4,5} is pending. */
class PendingConfigurationElectionTest {
    private static final Vote THREE = vote(3, 5, 1);

    private static Configuration configuration(long version, long... participants) {
        return Configuration.of(
                version,
                LongStream.of(participants)
                        .mapToObj(sid -> Member.at(new ServerId(sid), true, new MemberAddress("h" + sid, 1, 2)))
                        .toList(),
                null);
    }

    private static ElectionFixture three() {
        Membership membership = Membership.of(new ServerId(3), configuration(0, 1, 2, 3));
        membership.see(configuration(5, 3, 4, 5));
        return new ElectionFixture(membership).looking(THREE);
    }

    @Test
    void d9_votesOfTheOldConfigurationAloneDecideNothing() {
        ElectionFixture three = three();
        three.looks(1, THREE, 1).looks(2, THREE, 1).afterMillis(1000);
        assertThat(three.decidedFor()).isNull();
    }

    @Test
    void d9_aQuorumInBothDecides() {
        ElectionFixture three = three();
        three.looks(1, THREE, 1).looks(4, THREE, 1).afterMillis(1000);
        assertThat(three.decidedFor()).isEqualTo(3);
    }

    @Test
    void votersOfBothAreToldAndHeard() {
        ElectionFixture three = three();
        three.looks(5, vote(5, 6, 1), 1);
        assertThat(three.saidTo(1)).containsExactly("LOOKING (5, 6, 1) round 1");
        assertThat(three.saidTo(4)).containsExactly("LOOKING (5, 6, 1) round 1");
    }
}
