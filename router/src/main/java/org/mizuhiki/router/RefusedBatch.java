package org.mizuhiki.router;

/// A batch of records that the centre refused; its signed copy stays in this router's folder.
///
/// @param code of the refusal
public record RefusedBatch(String connection, long number, String code) {}
