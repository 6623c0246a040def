package io.matriarch.compat.script;

/**
 * One line of the script.
 *
 * @param name unique; what is tried
 * @param action what the client does; its result, or the error it meets, is the outcome
 */
record Step(String name, Action action) {
    /** Something a client does. */
    interface Action {
        /** Does it, and returns anything that {@link Outcome} can print; null where success is all there is to say. */
        Object run(Stage stage) throws Exception;
    }

    static Step step(String name, Action action) {
        return new Step(name, action);
    }
}
