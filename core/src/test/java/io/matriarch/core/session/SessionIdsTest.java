package io.matriarch.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.ServerId;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** client.md 3.3, zab.md R23. */
class SessionIdsTest {
    private static final long WALL = 0x18B_CFE5_6800L;

    @Test
    void theServerIsOnTopAndTheTimeBelow() {
        SessionIds ids = new SessionIds(new ServerId(3), WALL);
        assertThat(ids.next(id -> false)).isEqualTo(0x03_8BCFE56800_0000L);
        assertThat(ids.next(id -> false)).isEqualTo(0x03_8BCFE56800_0001L);
    }

    @Test
    void idsInUseAreSkipped() {
        SessionIds ids = new SessionIds(new ServerId(3), WALL);
        Set<Long> used = Set.of(0x03_8BCFE56800_0000L, 0x03_8BCFE56800_0001L);
        assertThat(ids.next(used::contains)).isEqualTo(0x03_8BCFE56800_0002L);
        assertThat(ids.next(id -> false)).isEqualTo(0x03_8BCFE56800_0003L);
    }

    @Test
    void noIdLooksLikeAMarkOfContainersOrTimesToLive() {
        for (long sid = 0; sid < 600; sid++) {
            long id = new SessionIds(new ServerId(sid), 0).next(other -> false);
            assertThat(id).isNotIn(0L, Long.MIN_VALUE);
            assertThat(id >>> 56).isNotEqualTo(0xFF);
        }
    }
}
