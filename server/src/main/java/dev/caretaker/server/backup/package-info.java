/**
 * Copies of databases that are proven by restoring them: what is ordered, the engines that make them, their manifests, their
 * verification, and the way back. Where the bytes go is the archive's business.
 */
package dev.caretaker.server.backup;
