package io.matriarch.core.port;

/** Where a step puts its effects, in order. */
@FunctionalInterface
public interface EffectSink {
    void emit(Effect effect);

    default void trace(TraceEvent event) {
        emit(new Effect.Trace(event));
    }
}
