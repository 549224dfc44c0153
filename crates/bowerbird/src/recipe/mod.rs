//! Recipes.
pub struct Recipe;
