package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.ServerId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold between members that are named in code; a file is refused by its lines before it comes to this. */
class EnsembleRulesTest {
    private static final MemberConfig FIRST = MemberConfig.participant(1, "a", 2888, 3888);
    private static final MemberConfig SECOND = MemberConfig.participant(2, "b", 2888, 3888);

    @TempDir
    Path dir;

    private void build(long self, MemberConfig... members) {
        ServerConfig.builder()
                .dataDir(dir)
                .ensemble(new ServerId(self), List.of(members))
                .build();
    }

    @Test
    void anIdStandsForOneMember() {
        build(1, FIRST, SECOND);
        assertThatThrownBy(() -> build(1, FIRST, SECOND, MemberConfig.participant(1, "c", 2888, 3888)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("server.1: this id is taken by another line; ids must be unique");
    }

    @Test
    void theServerItselfIsAMember() {
        assertThatThrownBy(() -> build(3, FIRST, SECOND))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("myid: own id 3 has no server.3 line");
    }
}
