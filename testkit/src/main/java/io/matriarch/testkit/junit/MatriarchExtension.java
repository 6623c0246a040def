package io.matriarch.testkit.junit;

import io.matriarch.testkit.EnsembleBuilder;
import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts and ends ensembles around JUnit tests. Comes with {@link Matriarch}, or as a field, for all that a builder can
 * describe: static for one ensemble per class, an instance field for one per test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final MatriarchExtension matriarch =
 *         MatriarchExtension.of(TestEnsemble.builder().servers(3).settings(s -> s.tickMillis(100)));
 * }</pre>
 */
public final class MatriarchExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MatriarchExtension.class);
    /** Under it, the store of a class or test holds the ensemble that was started for it. */
    private static final String ENSEMBLE = "ensemble";

    private final @Nullable EnsembleBuilder described;
    private @Nullable TestEnsemble current;

    /** For {@link Matriarch}. */
    MatriarchExtension() {
        described = null;
    }

    private MatriarchExtension(EnsembleBuilder described) {
        this.described = described;
    }

    /** An extension that starts what {@code described} describes. */
    public static MatriarchExtension of(EnsembleBuilder described) {
        return new MatriarchExtension(described);
    }

    /**
     * The ensemble of the test that runs; of one thread's tests.
     *
     * @throws IllegalStateException before it started, or after it ended
     */
    public TestEnsemble ensemble() {
        TestEnsemble running = current;
        if (running == null) {
            throw new IllegalStateException("the ensemble runs only during the tests");
        }
        return running;
    }

    // --- life --------------------------------------------------------------------------------------------------------

    @Override
    public void beforeAll(ExtensionContext context) {
        Matriarch wish = wishOf(context);
        if (described != null || (wish != null && !wish.isFresh())) {
            begin(context, wish);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Matriarch ofClass = context.getParent().map(MatriarchExtension::wishOf).orElse(null);
        Matriarch ofMethod = wishOf(context);
        if (described == null && ofMethod != null) {
            begin(context, ofMethod);
        } else if (described == null ? ofClass != null && ofClass.isFresh() : current == null) {
            begin(context, ofClass);
        }
        find(context).ifPresent(ensemble -> ensemble.note("test " + context.getDisplayName()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestEnsemble used = find(context).orElse(null);
        if (used == null) {
            return;
        }
        context.getExecutionException().ifPresent(failure -> tell(context, used));
        TestEnsemble own = remove(context);
        if (own != null) {
            own.close();
        } else {
            used.restore();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        TestEnsemble own = remove(context);
        if (own != null) {
            own.close();
        }
    }

    private void begin(ExtensionContext context, @Nullable Matriarch wish) {
        EnsembleBuilder builder = described;
        if (builder == null && wish != null) {
            builder = TestEnsemble.builder().servers(wish.servers()).settings(s -> s.tickMillis(wish.tickMillis()));
        }
        if (builder != null) {
            TestEnsemble started = builder.start();
            context.getStore(NAMESPACE).put(key(), started);
            current = started;
        }
    }

    private @Nullable TestEnsemble remove(ExtensionContext context) {
        // Only what was put into this very store: those of the contexts above are not changed by it.
        TestEnsemble own = context.getStore(NAMESPACE).remove(key(), TestEnsemble.class);
        if (own != null) {
            current = null;
        }
        return own;
    }

    private Optional<TestEnsemble> find(ExtensionContext context) {
        return Optional.ofNullable(context.getStore(NAMESPACE).get(key(), TestEnsemble.class));
    }

    /** Two fields of a class do not share an ensemble; all annotations of it do. */
    private Object key() {
        return described == null ? ENSEMBLE : this;
    }

    private static void tell(ExtensionContext context, TestEnsemble ensemble) {
        System.err.println("--- servers during " + context.getDisplayName() + ", which failed ---");
        System.err.print(ensemble.transcript());
        System.err.println("---");
    }

    /** The annotation of this class or method itself, or of a class above it. */
    private static @Nullable Matriarch wishOf(ExtensionContext context) {
        return context.getElement().map(MatriarchExtension::annotationOf).orElse(null);
    }

    private static @Nullable Matriarch annotationOf(AnnotatedElement element) {
        return element.getAnnotation(Matriarch.class);
    }

    // --- parameters --------------------------------------------------------------------------------------------------

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestEnsemble.class || type == TestServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestEnsemble ensemble = find(context)
                .orElseThrow(() -> new ParameterResolutionException(
                        "no ensemble runs here: one of a test's own starts only after its instance was made, and after"
                                + " @BeforeAll; take it as a parameter of the test, or of @BeforeEach"));
        if (parameter.getParameter().getType() == TestEnsemble.class) {
            return ensemble;
        }
        if (ensemble.servers().size() > 1) {
            throw new ParameterResolutionException(
                    "a parameter of type TestServer needs an ensemble of one server, not "
                            + ensemble.servers().size()
                            + "; take the TestEnsemble, and ask it for leader() or server(1)");
        }
        return ensemble.server(1);
    }
}
