package io.matriarch.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.election.Vote;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.HostPort;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records whose equality is written out compare every component, also one that is added later. */
class RecordEqualityTest {
    static Stream<Arguments> pairsThatDifferInEveryComponent() {
        ServerId one = new ServerId(1);
        ServerId two = new ServerId(2);
        return Stream.of(
                Arguments.of(new Id("world", "anyone"), new Id("digest", "super")),
                Arguments.of(new Id(null, "anyone"), new Id("digest", null)),
                Arguments.of(new Acl(1, Id.ANYONE), new Acl(2, new Id("auth", ""))),
                Arguments.of(new HostPort("a", 1), new HostPort("b", 2)),
                Arguments.of(new LinkId(1), new LinkId(-1)),
                Arguments.of(new Zxid(1), new Zxid(2)),
                Arguments.of(one, two),
                Arguments.of(new Vote(one, new Zxid(5), 6), new Vote(two, new Zxid(7), 8)),
                Arguments.of(new TraceEvent.Vote(1, new Zxid(5), one, 3), new TraceEvent.Vote(2, new Zxid(6), two, 4)));
    }

    @ParameterizedTest
    @MethodSource("pairsThatDifferInEveryComponent")
    void recordsAreEqualOnlyInAllComponents(Record one, Record other) throws ReflectiveOperationException {
        RecordComponent[] components = one.getClass().getRecordComponents();
        Object[] values = values(one);
        Record same = made(one, values);
        assertThat(same).isEqualTo(one).hasSameHashCodeAs(one).isNotEqualTo("text");
        for (int i = 0; i < components.length; i++) {
            Object[] changed = values.clone();
            changed[i] = values(other)[i];
            assertThat(made(one, changed))
                    .as("another %s", components[i].getName())
                    .isNotEqualTo(one);
        }
    }

    private static Object[] values(Record record) throws ReflectiveOperationException {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = components[i].getAccessor().invoke(record);
        }
        return values;
    }

    private static Record made(Record like, Object[] values) throws ReflectiveOperationException {
        Class<?>[] types = Arrays.stream(like.getClass().getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return like.getClass().getDeclaredConstructor(types).newInstance(values);
    }
}
