/**
 * What happens to servers in the field, done to real ones: silence, full disks, damaged files, clocks that jump. The long forms are classes named
 * {@code …Faults} and run with the Maven profile {@code faults} (docs/testing.md).
 */
package io.matriarch.compat.fault;
