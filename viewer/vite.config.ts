import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses, so that the page also works behind a proxy that adds a path.
  base: "./",
  build: {
    outDir: "../dist/viewer-page",
    emptyOutDir: true,
    rollupOptions: { input: ["index.html", "film.html"].map((page) => `${import.meta.dirname}/${page}`) },
    target: "es2022",
    // Files of their own instead of data: addresses, which the server's Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    // Larger than Vite's default limit: three.js, and the physics engine, which only comes with a task of one's own.
    chunkSizeWarningLimit: 3500,
  },
  worker: { format: "es" },
});
