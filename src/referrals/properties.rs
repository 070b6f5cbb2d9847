//! Properties over every state, act and actor.
