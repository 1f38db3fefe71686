//! What evidence is said to be, case by case.
