"use client";
import { Component, type ReactNode } from "react";

/** Shows `fallback` when what is inside cannot be drawn. */
export class DiffBoundary extends Component<
  { fallback: ReactNode; children: ReactNode },
  { hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown) {
    console.warn("The diff viewer does not work here; the plain patch is shown.", error);
  }

  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
