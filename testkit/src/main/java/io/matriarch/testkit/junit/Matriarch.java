package io.matriarch.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests an ensemble, as a parameter of type {@link io.matriarch.testkit.TestEnsemble}, or
 * {@link io.matriarch.testkit.TestServer} where there is one server.
 *
 * <pre>{@code
 * @Matriarch(servers = 3)
 * class FailoverTest {
 *     @Test
 *     void ourServiceSurvivesItsLeader(TestEnsemble ensemble) {
 *         ensemble.leader().kill();
 *         ...
 *     }
 * }
 * }</pre>
 *
 * On a class, its tests share one ensemble, unless {@link #isFresh}; what a test broke is made whole after it, and the
 * znodes stay. On a method, the test has one of its own. If a test fails, what the servers did is printed to standard
 * error.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MatriarchExtension.class)
public @interface Matriarch {
    /** Servers, 1 to 31; a single one is standalone. */
    int servers() default 1;

    /** Whether each test of the class has an ensemble of its own. */
    boolean isFresh() default false;

    /** Length of a tick of the servers in milliseconds; a leader that is cut off gives up after 5 of them, say. */
    int tickMillis() default 500;
}
